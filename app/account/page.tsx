// The reader's account: its name, which never changes, the keys, and what was done in its name.

import type { Metadata } from 'next';
import { KeyEntries } from '#components/keys/key-entries.tsx';
import { Actions, ButtonLink } from '#components/ui/button.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { SubmitButton } from '#components/ui/submit-button.client.tsx';
import { requirePerson } from '#lib/core/people.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { accountKeys } from '#lib/server/queries/account-keys.ts';
import { isMailSigned } from '#lib/server/queries/mail-key.ts';
import { OwnLinks } from './links.tsx';
import { signOutHere } from './sign-out.ts';

export const metadata: Metadata = { title: 'Your account' };

export default async function AccountPage() {
  const { name, keys } = await load('/account', async () => {
    const actor = await currentActor();
    const person = requirePerson(actor);
    return { name: person, keys: await accountKeys(actor) };
  });
  return (
    <>
      <PageHeading
        title={name}
        lead="Your account name stands in statements and policies. It never changes."
        aside={
          <form action={signOutHere}>
            <SubmitButton look="plain" busy="Signing out…">
              Sign out
            </SubmitButton>
          </form>
        }
      />
      <Clause title="Keys">
        <KeyEntries keys={keys} />
        <Actions>
          <ButtonLink href="/account/keys/new" look="primary">
            Add a key
          </ButtonLink>
          <a href="/account/keys">All about your keys</a>
        </Actions>
      </Clause>
      <MoreOfIt />
    </>
  );
}

/** The places of everything else. */
function MoreOfIt() {
  return (
    <>
      <Clause title="Signing in">
        <p>
          By a link to <a href="/account/address">your mail address</a>, or with{' '}
          <a href="/account/passkeys">a passkey</a>.
        </p>
      </Clause>
      <Clause title="Your mail">
        <p>
          What comes at once, once a day or not at all, and when it is quiet: <a href="/account/mail">your mail</a>.
          {isMailSigned() ? (
            <>
              {' '}
              It is <a href="/mail-key">signed</a>.
            </>
          ) : null}
        </p>
      </Clause>
      <Clause title="Your feed">
        <p>
          What needs your signature, in a feed reader: <a href="/account/feed">your feed</a>.
        </p>
      </Clause>
      <Clause title="Tokens">
        <p>
          For the command line and other programs that act in your name: <a href="/account/tokens">your tokens</a>.
        </p>
      </Clause>
      <Clause title="Links in your mail">
        <OwnLinks />
      </Clause>
      <Clause title="What happened in your account">
        <p>
          Sign-ins, keys, passkeys and your part in projects, refusals included:{' '}
          <a href="/account/history">your history</a>.
        </p>
      </Clause>
    </>
  );
}
