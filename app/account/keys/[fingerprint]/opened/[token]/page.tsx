// The page behind the link inside an opened message. Opening it changes nothing; its button proves the key. Where the link cannot be used it says
// why and where to go on. Somebody who is not signed in comes back by the link itself: the token is in no other address.

import type { Metadata } from 'next';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Facts } from '#components/ui/facts.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { currentActor } from '#lib/next/session.ts';
import { openedLink } from '#lib/server/queries/opened-link.ts';
import { proveByLink } from './actions.ts';

export const metadata: Metadata = { title: 'Prove a key', robots: 'noindex' };

type Props = { params: Promise<{ fingerprint: string; token: string }> };

export default async function OpenedPage({ params }: Props) {
  const { fingerprint, token } = await params;
  const link = await openedLink(await currentActor(), fingerprint, token);
  if (link.state !== 'usable') return <NotHere state={link.state} fingerprint={fingerprint} />;
  return (
    <>
      <PageHeading
        title="Prove this key"
        lead={
          <>
            You opened the message that was sent to <strong>{link.account}</strong>, so the private key is yours.
          </>
        }
      />
      <Facts
        facts={[
          { term: 'User id', value: link.userId },
          { term: 'Fingerprint', value: <Fingerprint value={link.fingerprint} /> },
        ]}
      />
      <ActionForm
        action={proveByLink.bind(null, link.fingerprint)}
        label="Prove this key"
        submit="Prove this key"
        beside={<a href={`/account/keys/${link.fingerprint}`}>Not now</a>}
      >
        <input type="hidden" name="opened" value={token} />
      </ActionForm>
    </>
  );
}

const words = {
  'signed-out': {
    title: 'Sign in first',
    why: 'Sign in with the account that the message names, then open its link again. Nothing was used up.',
    button: 'Sign in',
  },
  'of-another': {
    title: 'This message was sent to another account',
    why: 'Sign in with the account that it names, then open its link again. Nothing was used up.',
    button: 'To your keys',
  },
  unusable: {
    title: 'It was used already, has expired, or a newer one was sent',
    why: 'Each message proves one key, once. Have a new one sent from the page of the key.',
    button: 'To the key',
  },
} as const;

function NotHere({ state, fingerprint }: { state: keyof typeof words; fingerprint: string }) {
  const page = /^[0-9A-F]{40}(?:[0-9A-F]{24})?$/.test(fingerprint) ? `/account/keys/${fingerprint}` : '/account/keys';
  const href = {
    'signed-out': `/sign-in?${new URLSearchParams({ returnTo: page }).toString()}`,
    ...{ 'of-another': '/account/keys', unusable: page },
  }[state];
  return (
    <>
      <PageHeading title="This link cannot be used now" />
      <Empty
        title={words[state].title}
        action={
          <ButtonLink href={href} look="primary">
            {words[state].button}
          </ButtonLink>
        }
      >
        {words[state].why}
      </Empty>
    </>
  );
}
