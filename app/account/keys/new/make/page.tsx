// Making a key in the browser, for people who have none. Everything of it happens in the reader's own browser; what arrives here at the end is
// the public half, by the same action as any other key.

import type { Metadata } from 'next';
import { MakeKey } from '#components/keys/make-key.client.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Columns, PageHeading } from '#components/ui/page.tsx';
import { requirePerson } from '#lib/core/people.ts';
import { indexName, publicUrl, serverTime } from '#lib/next/instance.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { isConfirmed } from '#lib/server/queries/passkeys.ts';
import { ownAddresses } from '#lib/server/queries/own-addresses.ts';
import { addMadeKey } from './actions.ts';

export const metadata: Metadata = { title: 'Make a key' };

const here = '/account/keys/new/make';

export default async function MakeKeyPage() {
  const actor = await currentActor();
  const { name, addresses } = await load(here, async () => {
    return { name: requirePerson(actor), addresses: await ownAddresses(actor) };
  });
  return (
    <>
      <PageHeading
        title="Make a key"
        trail={[
          { href: '/account', label: 'Account' },
          { href: '/account/keys', label: 'Keys' },
          { href: '/account/keys/new', label: 'Add a key' },
        ]}
        lead="In this browser, without installing anything. You can take the key to GnuPG or Sequoia later: it is an ordinary one."
      />
      {isConfirmed(actor) ? null : <ConfirmFirst here={here} what="Adding a key" />}
      <Columns asideLabel="What this key is" aside={<WhatItIs />}>
        <noscript>
          <Notice tone="warning" title="Making a key needs script.">
            <p>
              Allow it for this page, or make the key with GnuPG or Sequoia and{' '}
              <a href="/account/keys/new">add its public half</a>.
            </p>
          </Notice>
        </noscript>
        <MakeKey
          action={addMadeKey}
          name={name}
          addresses={addresses}
          now={serverTime()}
          index={{ name: indexName(), address: publicUrl() }}
        />
      </Columns>
    </>
  );
}

function WhatItIs() {
  return (
    <section>
      <h2>What it is</h2>
      <div className="stack">
        <p>An OpenPGP key (Ed25519, for signing only) that GnuPG 2.2 and Sequoia can use.</p>
        <p>
          It is made in your browser and locked with your passphrase at once. This site gets its public half and nothing
          else.
        </p>
        <p>
          Whoever has the file or this browser, and the passphrase, can sign as you. Do not make a key on a machine that
          is not yours.
        </p>
      </div>
    </section>
  );
}
