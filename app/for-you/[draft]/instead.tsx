// What else a personal link lets its person do: decline with the reason, hear less of the draft, end the link. Each is a form with a button.

import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Choice, Choices, Field } from '#components/ui/field.tsx';
import { Moment } from '#components/ui/moment.tsx';
import type { LinkedDraft } from '#lib/server/queries/linked-draft.ts';
import { declineByLink, endLink, silenceByLink } from './actions.ts';

export function Instead({ draft }: { draft: LinkedDraft }) {
  return (
    <>
      {draft.may.decline ? <Decline draft={draft} /> : null}
      <HearLess draft={draft} />
      <EndLink draft={draft} />
    </>
  );
}

function Decline({ draft: { id, person, revision } }: { draft: LinkedDraft }) {
  return (
    <details className="reveal">
      <summary>Decline it, with the reason</summary>
      <p>
        While your decline stands nothing is published. Its people get a mail with your reason. You or an owner can lift
        it, signed in; signatures stay as they are.
      </p>
      <ActionForm
        action={declineByLink.bind(null, id, person, revision)}
        label="Decline the draft"
        submit={`Decline revision ${revision}`}
        look="danger"
      >
        <Field
          name="declineReason"
          label="Why it should not be published"
          hint="One line. The people of the project read it."
          maxLength={500}
          autoComplete="off"
          required
        />
      </ActionForm>
    </details>
  );
}

function HearLess({ draft: { id, person, silence } }: { draft: LinkedDraft }) {
  const isMuted = silence?.until === 'for-good';
  return (
    <details className="reveal">
      <summary>{isMuted ? 'You hear nothing more of this draft' : 'Hear less of this draft'}</summary>
      {typeof silence?.until === 'number' ? (
        <p>
          You are not reminded of it before <Moment at={new Date(silence.until)} />.
        </p>
      ) : null}
      <ActionForm
        action={silenceByLink.bind(null, id, person)}
        label="Mail about this draft"
        submit="Keep this choice"
        look="plain"
      >
        <Choices legend="Mail about this draft">
          <Choice name="wish" value="a-day" label="No reminder for a day" required />
          <Choice name="wish" value="three-days" label="No reminder for three days" />
          <Choice name="wish" value="a-week" label="No reminder for a week" />
          <Choice name="wish" value="mute" label="Nothing more of this draft" defaultChecked={!isMuted} />
          <Choice name="wish" value="none" label="Mail as ever" defaultChecked={isMuted} />
        </Choices>
      </ActionForm>
    </details>
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
