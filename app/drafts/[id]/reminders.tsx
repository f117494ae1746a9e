// Reminding those who can still sign: who was reminded when, who is next by themselves, and the button to do it now.

import { allOf } from '#components/draft/file-entries.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Moment } from '#components/ui/moment.tsx';
import type { DraftPage } from '#lib/server/queries/draft-page.ts';
import type { RemindedPerson } from '#lib/server/queries/reminders-of-draft.ts';
import { remind } from './reminder-actions.ts';

export function Remind({ draft: { id, project, reminders } }: { draft: DraftPage }) {
  const { people, remindable, againAt } = reminders;
  if (remindable.length === 0 && againAt === null) return null;
  return (
    <details className="reveal">
      <summary>Remind who can still sign</summary>
      <ul id="reminders" className="entry-facts" aria-label="Reminders">
        {people.map((person) => (
          <Reminded key={person.name} person={person} />
        ))}
      </ul>
      {againAt === null ? (
        <ActionForm
          action={remind.bind(null, id)}
          label="Remind who can still sign"
          submit={`Remind ${allOf(remindable)} now`}
          look="plain"
        />
      ) : (
        <p>
          By hand, each person is reminded at most once a day. It can be done again from <Moment at={againAt} /> on.
        </p>
      )}
      <p>
        The project reminds people by itself as well: <a href={`/projects/${project}/reminders`}>by these rules</a>.
      </p>
    </details>
  );
}

function Reminded({ person: { name, lastAt, nextAt, wantsNoMail } }: { person: RemindedPerson }) {
  return (
    <li>
      {name}:{' '}
      {lastAt === null ? (
        'not reminded so far'
      ) : (
        <>
          last reminded <Moment at={lastAt} />
        </>
      )}
      <Next nextAt={nextAt} wantsNoMail={wantsNoMail} />
    </li>
  );
}

function Next({ nextAt, wantsNoMail }: Pick<RemindedPerson, 'nextAt' | 'wantsNoMail'>) {
  if (wantsNoMail) return '; wants no reminder now.';
  if (nextAt === null) return '.';
  return (
    <>
      ; the next one comes by itself on <Moment at={nextAt} />.
    </>
  );
}
