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

/** Where the timeline stands: what a page is about need not be named at each of its rows. */
type Place = 'anywhere' | 'in-project' | 'in-draft';

export function eventsOf(entries: Entry[], place: Place = 'anywhere'): TimelineEvent[] {
  return entries.map((entry) => ({ key: entry.id, at: entry.at, what: <Sentence entry={entry} place={place} /> }));
}

function Sentence({ entry, place }: { entry: Entry; place: Place }) {
  const href = hrefOf(entry, place);
  return (
    <>
      <strong>{nameOf(entry)}</strong> {href === null ? entry.says : <a href={href}>{entry.says}</a>}
      {place === 'anywhere' && entry.project !== null ? `, ${entry.project}` : null}
    </>
  );
}

function hrefOf({ draft, project }: Entry, place: Place): string | null {
  if (place === 'in-draft') return null;
  if (draft !== null) return `/drafts/${draft}`;
  return place === 'anywhere' && project !== null ? `/projects/${project}` : null;
}

/** History names programs in brackets, which no account name can be. */
function nameOf({ actor, person }: Entry): string {
  if (actor === '(visitor)') return person ?? 'Somebody';
  if (actor === '(countersigner)') return 'The countersigner';
  return actor === '(jobs)' ? 'Countersign' : actor;
}
