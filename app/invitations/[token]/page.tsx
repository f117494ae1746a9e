// What an invitation link shows. Opening it changes nothing (mail scanners open links); the button accepts, for the invited address only.

import type { Metadata } from 'next';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Choice, Choices } from '#components/ui/field.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { invitationPage, type InvitationPage } from '#lib/server/queries/invitation-page.ts';
import { accept } from './actions.ts';

export const metadata: Metadata = { title: 'An invitation', robots: { index: false } };

type Props = { params: Promise<{ token: string }> };

export default async function OneInvitationPage({ params }: Props) {
  const { token } = await params;
  const here = `/invitations/${token}`;
  const invitation = await load(here, async () => invitationPage(await currentActor(), token));
  const { project, role, invitedBy, expiresAt } = invitation;
  return (
    <>
      <PageHeading
        title={`${invitedBy} invites you to ${project}`}
        lead={
          <>
            As {role}:{' '}
            {role === 'owner'
              ? 'you would sign releases and change people and rules.'
              : 'you would open drafts and sign releases.'}{' '}
            The invitation ends on <Moment at={expiresAt} />.
          </>
        }
      />
      <Next invitation={invitation} token={token} />
    </>
  );
}

type NextProps = { invitation: InvitationPage; token: string };

function Next({ invitation, token }: NextProps) {
  const { state, address, person } = invitation;
  const back = new URLSearchParams({ returnTo: `/invitations/${token}` }).toString();
  if (state === 'sign-in') {
    return (
      <Empty
        title="Sign in first"
        action={
          <ButtonLink href={`/sign-in?${back}`} look="primary">
            Sign in
          </ButtonLink>
        }
      >
        The invitation went to {address}. Sign in with that address; you come back here.
      </Empty>
    );
  }
  if (state === 'other-account') {
    return (
      <Empty
        title="This invitation is for another address"
        action={<ButtonLink href="/">To the front page</ButtonLink>}
      >
        It went to {address}, and you are signed in as {person ?? 'somebody else'}, whose account has other addresses.
        Sign out and sign in with {address}, or ask for an invitation to an address of yours.
      </Empty>
    );
  }
  if (state === 'needs-key') {
    return (
      <Empty
        title="First a key of yours"
        action={
          <ButtonLink href="/account/keys" look="primary">
            Add and prove a key
          </ButtonLink>
        }
      >
        You will sign with it. Add its public half and prove it with one short signature; then open this link again.
      </Empty>
    );
  }
  return <Accept invitation={invitation} token={token} />;
}

function Accept({ invitation: { keys, project }, token }: NextProps) {
  return (
    <ActionForm action={accept.bind(null, token)} label="Accept the invitation" submit={`Accept and join ${project}`}>
      <p>
        By accepting you say with which key you will sign. The owners then sign the policy that adds you; only after
        that does your signature count.
      </p>
      <Choices legend="Your key for this project">
        {keys.map((key, at) => (
          <Choice
            key={key.fingerprint}
            name="key"
            value={key.fingerprint}
            defaultChecked={at === 0}
            required
            label={key.userId}
            hint={<Fingerprint value={key.fingerprint} />}
          />
        ))}
      </Choices>
    </ActionForm>
  );
}
