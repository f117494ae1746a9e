// Entries of history as rows of a timeline: "ada signed …", and by which way. Details may carry hostile text; it is shown as text.
import type { TimelineEvent } from './timeline.tsx';

type Entry = {
  id: string;
  at: Date;
  actor: string;
  says: string;
  via: string;
  project: string | null;
  draft: string | null;
  person: string | null;
};

/** `linked` makes each sentence lead to its draft or project. */
export function eventsOf(entries: Entry[], linked = true): TimelineEvent[] {
  return entries.map((entry) => ({ key: entry.id, at: entry.at, what: <Sentence entry={entry} linked={linked} /> }));
}

function Sentence({ entry, linked }: { entry: Entry; linked: boolean }) {
  const place = entry.draft === null ? placeOf(entry.project) : `/drafts/${entry.draft}`;
  return (
    <>
      <strong>{nameOf(entry)}</strong> {linked && place !== null ? <a href={place}>{entry.says}</a> : entry.says}
    </>
  );
}

const placeOf = (project: string | null): string | null => (project === null ? null : `/projects/${project}`);

/** History names programs in brackets, which no account name can be. */
function nameOf({ actor, person }: Entry): string {
  if (actor === '(visitor)') return person ?? 'Somebody';
  if (actor === '(countersigner)') return 'The countersigner';
  return actor === '(jobs)' ? 'Countersign' : actor;
}
