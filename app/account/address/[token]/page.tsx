// The page behind the link that was mailed to a new address. Opening it changes nothing; its button changes the address. Somebody who is not
// signed in comes back by the link itself: the token is in no other address.

import type { Metadata } from 'next';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { currentActor } from '#lib/next/session.ts';
import { addressLink } from '#lib/server/queries/address-page.ts';
import { isConfirmed } from '#lib/server/queries/passkeys.ts';
import { confirmChange } from './actions.ts';

export const metadata: Metadata = { title: 'Confirm your new address', robots: 'noindex' };

export default async function ConfirmAddressPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const actor = await currentActor();
  const link = await addressLink(actor, token);
  if (link.state !== 'usable') return <NotHere state={link.state} />;
  return (
    <>
      <PageHeading
        title="Confirm your new address"
        lead={
          <>
            From now on mail for <strong>{link.account}</strong> goes to{' '}
            <strong className="wrap-anywhere">{link.address}</strong>, and its links sign you in.
          </>
        }
      />
      {isConfirmed(actor) ? null : <ConfirmFirst here="/account/address" what="Changing the address" />}
      <p>The old address hears of it and no longer signs in. Your other browsers are signed out.</p>
      <ActionForm
        action={confirmChange}
        label="Confirm the new address"
        submit="Change my address"
        busy="Changing…"
        beside={<a href="/account/address">Not now</a>}
      >
        <input type="hidden" name="token" value={token} />
      </ActionForm>
    </>
  );
}

const words = {
  'signed-out': {
    title: 'Sign in first',
    why: 'Sign in with the account that the mail names, then open its link again. Nothing was used up.',
    button: 'Sign in',
    href: '/sign-in?returnTo=%2Faccount%2Faddress',
  },
  'of-another': {
    title: 'This link is for another account',
    why: 'Sign in with the account that the mail names, then open its link again. Nothing was used up.',
    button: 'To your account',
    href: '/account',
  },
  unusable: {
    title: 'It was used already, is too old, or a newer one was sent',
    why: 'Each link works once. Your address is as it was; ask for a new link on its page.',
    button: 'To your address',
    href: '/account/address',
  },
} as const;

function NotHere({ state }: { state: keyof typeof words }) {
  const { title, why, button, href } = words[state];
  return (
    <>
      <PageHeading title="This link cannot be used now" />
      <Empty
        title={title}
        action={
          <ButtonLink href={href} look="primary">
            {button}
          </ButtonLink>
        }
      >
        {why}
      </Empty>
    </>
  );
}
