// What else a personal link lets its person do: decline with the reason, put reminders off or mute the draft, end the link. Each is a form with a button.

import { DeclineForm } from '#components/draft/decline-form.tsx';
import { NotNow } from '#components/draft/not-now.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import type { LinkedDraft } from '#lib/server/queries/linked-draft.ts';
import { declineByLink, endLink, silenceByLink } from './actions.ts';

export function Instead({ draft }: { draft: LinkedDraft }) {
  return (
    <>
      {draft.may.decline ? <Decline draft={draft} /> : null}
      {draft.reminders.maySilence ? (
        <NotNow wished={draft.reminders.mine} action={silenceByLink.bind(null, draft.id, draft.person)} />
      ) : null}
      <EndLink draft={draft} />
    </>
  );
}

function Decline({ draft: { id, person, revision } }: { draft: LinkedDraft }) {
  return (
    <DeclineForm action={declineByLink.bind(null, id, person, revision)} revision={revision}>
      <p>
        While your decline stands nothing is published. Its people get a mail with your reason. You or an owner can lift
        it, signed in; signatures stay as they are.
      </p>
    </DeclineForm>
  );
}

function EndLink({ draft: { id, person } }: { draft: LinkedDraft }) {
  return (
    <details className="reveal">
      <summary>End this link</summary>
      <p>
        The links in the mails to {person} about this draft then open nothing more, here or elsewhere. Whoever signs in
        still sees the draft.
      </p>
      <ActionForm action={endLink.bind(null, id, person)} label="End the link" submit="End this link" look="danger" />
    </details>
  );
}
