// The key that signs the mails of this instance: its fingerprint, and how a mail is checked with it. There is no such page where mail is not signed.

import type { Metadata } from 'next';
import { Command } from '#components/ui/command.tsx';
import { Facts } from '#components/ui/facts.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { publicUrl } from '#lib/next/instance.ts';
import { load } from '#lib/next/load.ts';
import { mailKeyPage } from '#lib/server/queries/mail-key.ts';

export const metadata: Metadata = { title: 'The key that signs our mail' };

export default async function MailKeyPage() {
  const { fingerprint, sender, path } = await load('/mail-key', async () => mailKeyPage());
  return (
    <>
      <PageHeading
        title="The key that signs our mail"
        lead="Every mail from here carries a signature by this key. It says that the mail came from this site and was not changed on the way."
      />
      <Facts
        facts={[
          { term: 'Sender', value: sender },
          { term: 'Fingerprint', value: <Fingerprint value={fingerprint} copy /> },
        ]}
      />
      <Clause title="Check a mail">
        <p>Give your mail program the key; most that know OpenPGP then show the signature by themselves. By hand:</p>
        <Command command={`curl -fsS ${publicUrl()}${path} | gpg --import`} />
        <p>
          Compare the fingerprint with what you noted from an earlier visit, or ask whoever runs the site: somebody who
          forges this page forges the mail as well.
        </p>
      </Clause>
      <Clause title="What it does not say">
        <p>
          It signs no release and no rules, and it is not the key of the index. Whoever takes over this site can sign
          mail with it. What you are asked to sign, compare by its digest; what is published, check by the signatures of
          its people.
        </p>
      </Clause>
    </>
  );
}
