// Signing from the link of a mail: with one's own tools and an upload right here, or in the browser after a sign-in, which comes back to the draft.

import { documentOf } from '#components/draft/draft-subject.tsx';
import { canSign, SignedAlready, wordsFor } from '#components/draft/signing-words.tsx';
import { HandInPanel } from '#components/signing/hand-in-panel.client.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { personOf } from '#lib/core/people.ts';
import { currentActor } from '#lib/next/session.ts';
import type { LinkedDraft } from '#lib/server/queries/linked-draft.ts';
import { handInByLink } from './actions.ts';

export async function SignByLink({ draft }: { draft: LinkedDraft }) {
  const { id, person, revision, panel } = draft;
  const isOpen = canSign(panel);
  const isSignedIn = personOf(await currentActor()) === person;
  return (
    <>
      <SignedAlready panel={panel} />
      <p>{wordsFor(panel)}</p>
      {isOpen ? <InBrowser id={id} isSignedIn={isSignedIn} /> : null}
      {isOpen ? <h3>With GnuPG or Sequoia</h3> : null}
      <HandInPanel
        document={documentOf(draft)}
        commands={panel?.commands ?? []}
        uploadHint="The .asc, .sig or .gpg over the statement."
        isOpen={isOpen}
        handIn={handInByLink.bind(null, id, person, revision)}
      />
    </>
  );
}

/** A key is used in a page only where somebody is signed in. */
function InBrowser({ id, isSignedIn }: { id: string; isSignedIn: boolean }) {
  const spot = `/drafts/${id}#sign`;
  return (
    <>
      <h3>In this browser</h3>
      <p>
        {isSignedIn
          ? 'You are signed in here: the page of the draft signs with a key that this browser keeps, or with one that you choose there.'
          : 'With a key that this browser keeps, or one that you choose there. This needs a sign-in, by mail or with a passkey; you come back to the draft.'}
      </p>
      <p>
        <ButtonLink href={isSignedIn ? spot : `/sign-in?${new URLSearchParams({ returnTo: spot }).toString()}`}>
          {isSignedIn ? 'Sign in this browser' : 'Sign in, then sign in this browser'}
        </ButtonLink>
      </p>
    </>
  );
}
