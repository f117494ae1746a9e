// "Not now": a person puts reminders of one draft off, mutes it, or wants mail about it as ever. It says what still comes. The same on the
// draft's page and behind a personal link.

import { ActionForm, type FormAction } from '#components/ui/action-form.client.tsx';
import { Choice, Choices } from '#components/ui/field.tsx';
import { Moment } from '#components/ui/moment.tsx';

/** What was wished before; null: nothing. */
export type Wished = { until: Date | 'for-good' } | null;

export function NotNow({ wished, action }: { wished: Wished; action: FormAction }) {
  return (
    <details className="reveal">
      <summary>Not now: put reminders off, or mute the draft</summary>
      <Before wished={wished} />
      <ActionForm action={action} label="Reminders of this draft" submit="Save" look="plain">
        <Choices legend="Remind me of this draft">
          <Choice name="wish" value="a-day" label="Not before a day from now" required />
          <Choice name="wish" value="three-days" label="Not before three days from now" />
          <Choice
            name="wish"
            value="a-week"
            label="Not before a week from now"
            hint="The one warning before it ends comes all the same."
          />
          <Choice
            name="wish"
            value="mute"
            label="Not at all"
            hint="No mail about this draft any more. What concerns your keys, your account and the people and rules of the project still comes."
          />
          {wished === null ? null : <Choice name="wish" value="none" label="As usual" />}
        </Choices>
      </ActionForm>
    </details>
  );
}

function Before({ wished }: { wished: Wished }) {
  if (wished === null) return <p>It holds nobody else up, and you can sign at any time.</p>;
  if (wished.until === 'for-good') return <p>You muted this draft: you get no mail about it.</p>;
  return (
    <p>
      You put reminders off until <Moment at={wished.until} />.
    </p>
  );
}
