// The reader's keys, newest first. A key is never deleted, only ended: releases depend on it.

import type { Metadata } from 'next';
import { KeyEntries } from '#components/keys/key-entries.tsx';
import { Actions, ButtonLink } from '#components/ui/button.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { accountKeys } from '#lib/server/queries/account-keys.ts';

export const metadata: Metadata = { title: 'Your keys' };

export default async function KeysPage() {
  const keys = await load('/account/keys', async () => accountKeys(await currentActor()));
  const add = (
    <>
      <ButtonLink href="/account/keys/new" look="primary">
        Add a key
      </ButtonLink>
      <ButtonLink href="/account/keys/new/make">Make one in this browser</ButtonLink>
    </>
  );
  return (
    <>
      <PageHeading
        title="Your keys"
        trail={[{ href: '/account', label: 'Account' }]}
        lead="What you sign with. Only the public halves are here; a fingerprint is what names a key."
      />
      {keys.length === 0 ? (
        <Empty title="No key yet" action={add}>
          Add the public half of your OpenPGP key. You prove it with one short signature, and then it can sign for the
          projects that name it.
        </Empty>
      ) : (
        <>
          <h2 className="sr-only">Keys</h2>
          <KeyEntries keys={keys} />
          <Actions>{add}</Actions>
        </>
      )}
    </>
  );
}
