// "Confirm that it is you": what is sensitive asks for a recent sign-in. With a passkey at once, else by a link in the mail; both come back
// to the place where the person was.

import type { Metadata } from 'next';
import { UsePasskey } from '#components/passkeys/use-passkey.client.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { freshMinutes } from '#lib/core/people.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { confirmPage } from '#lib/server/queries/passkeys.ts';
import { askPasskey, signInWithPasskey } from '#lib/next/passkey-actions.ts';
import { mailLink } from './actions.ts';

export const metadata: Metadata = { title: 'Confirm that it is you' };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ConfirmPage({ searchParams }: Props) {
  const claimed = (await searchParams).returnTo;
  const here = `/account/confirm?${new URLSearchParams({ returnTo: String(claimed ?? '/') }).toString()}`;
  const { returnTo, address, hasPasskey, isFresh } = await load(here, async () =>
    confirmPage(await currentActor(), claimed),
  );
  return (
    <>
      <PageHeading
        title="Confirm that it is you"
        trail={[{ href: '/account', label: 'Account' }]}
        lead={`Keys, people, rules and ways to sign in are changed only by somebody who signed in during the last ${freshMinutes} minutes.`}
      />
      {isFresh ? (
        <Notice tone="good" title="Nothing to do: you signed in a short while ago.">
          <p>
            <a href={returnTo}>Go on where you were</a>
          </p>
        </Notice>
      ) : null}
      {hasPasskey ? (
        <Clause title="With a passkey">
          <noscript>
            <p>This needs script. Use the link by mail.</p>
          </noscript>
          <UsePasskey
            label="Use a passkey"
            look="primary"
            ask={askPasskey}
            confirm={signInWithPasskey.bind(null, returnTo)}
          />
        </Clause>
      ) : null}
      <Clause title="With a link by mail">
        <ActionForm
          action={mailLink.bind(null, returnTo)}
          label="Confirm by mail"
          submit="Send me a link"
          look={hasPasskey ? 'plain' : 'primary'}
          busy="Sending…"
        >
          <p>It goes to {address}. Open it in this browser; it signs you in again and leads back to where you were.</p>
        </ActionForm>
      </Clause>
    </>
  );
}
