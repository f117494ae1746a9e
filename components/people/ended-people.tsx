// Those whose part in a project ended: retired (what they signed keeps counting) or struck (void since a moment, or altogether, with the reason). Keys
// are never forgotten: each stands with its full fingerprint, and the policy that ended it.
import type { ReactNode } from 'react';
import { Fingerprint } from '#components/ui/hex.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { StateChip } from '#components/ui/state-chip.tsx';

export type EndedEntry = {
  name: string;
  keys: readonly string[];
  policy: number;
  at: Date;
  voidSince: string | null;
  reason: string | null;
  stillSigns: boolean;
};

type EndedPeopleProps = {
  people: EndedEntry[];
  project: string;
  label: string;
  /** What can be done about one of them: a link, or nothing. */
  more?: (entry: EndedEntry) => ReactNode;
};

export function EndedPeople({ people, project, label, more = () => null }: EndedPeopleProps) {
  return (
    <ul className="entries" aria-label={label}>
      {people.map((entry) => (
        <li key={entry.keys.join()}>
          <div className="entry-head">
            <h3>{entry.name}</h3>
            <StateChip state={entry.reason === null ? 'retired' : 'struck'} />
          </div>
          <p>{sayEnd(entry)}</p>
          {entry.reason === null ? null : <p>Reason: {entry.reason}</p>}
          {entry.keys.map((key) => (
            <p key={key}>
              <Fingerprint value={key} copy />
            </p>
          ))}
          <p className="entry-facts">
            By <a href={`/projects/${project}/policy/${entry.policy}`}>policy {entry.policy}</a>, in force since{' '}
            <Moment at={entry.at} />
          </p>
          {more(entry)}
        </li>
      ))}
    </ul>
  );
}

function sayEnd({ name, keys, voidSince, reason, stillSigns }: EndedEntry): ReactNode {
  const what = keys.length === 1 ? 'this key' : 'these keys';
  if (reason === null) {
    const how = `What was signed with ${what} before keeps counting; nothing new does.`;
    return stillSigns ? `${how} ${name} signs with another key.` : how;
  }
  if (voidSince === null) return `Nothing that was ever signed with ${what} counts.`;
  return (
    <>
      Nothing received from <Moment at={voidSince} /> on counts; what was received before keeps counting.
    </>
  );
}
