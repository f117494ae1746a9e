// What happened, in the order it is given: when, who, what, by which way, why, and what it can be checked by. The one way in which history
// is shown. Reasons and names may carry what others typed; they are shown as text.

import { Moment } from '#components/ui/moment.tsx';

export type TimelineEntry = {
  id: string;
  at: Date;
  actor: string;
  says: string;
  way: 'browser' | 'link' | 'upload' | 'token' | 'jobs' | 'countersigner';
  reason: string | null;
  project: string | null;
  draft: string | null;
  release: string | null;
  evidence: { what: string; href: string; logIndex?: number }[];
  permalink: string;
};

/** What the page is about need not be named at each of its rows. */
export type Place = 'anywhere' | 'in-project' | 'in-draft';

type TimelineProps = {
  entries: TimelineEntry[];
  label: string;
  place?: Place;
  /** Beside something else: without way and evidence, which the entry's own page has. */
  short?: boolean;
};

export function Timeline({ entries, label, place = 'anywhere', short = false }: TimelineProps) {
  return (
    <ol className="timeline" aria-label={label} data-short={short ? '' : undefined}>
      {entries.map((entry) => (
        <li key={entry.id}>
          <a className="timeline-when" href={entry.permalink}>
            <Moment at={entry.at} />
          </a>
          <div>
            <Sentence entry={entry} place={place} />
            {entry.reason === null ? null : (
              <p className="timeline-reason">{short ? cut(entry.reason) : entry.reason}</p>
            )}
            {short ? null : <WayAndEvidence entry={entry} />}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** Beside something else, the beginning of a long text; the entry's own page has the rest. */
const cut = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text);

/** "ada signed revision 3 (sunrise 1.2.0)" */
export function Sentence({ entry, place }: { entry: TimelineEntry; place: Place }) {
  return (
    <p>
      <strong>{entry.actor}</strong> {entry.says}
      <About entry={entry} place={place} />
    </p>
  );
}

function About({ entry: { project, release, draft }, place }: { entry: TimelineEntry; place: Place }) {
  const name = [place === 'anywhere' ? project : null, release].filter((part) => part !== null).join(' ');
  if (place === 'in-draft' || name === '') return null;
  const href = draft !== null ? `/drafts/${draft}` : place === 'anywhere' ? `/projects/${project}` : null;
  return <> ({href === null ? name : <a href={href}>{name}</a>})</>;
}

const ways = {
  browser: 'in the browser',
  link: 'by the link of a mail',
  upload: 'uploaded',
  token: 'with a token',
  jobs: null,
  countersigner: null,
} as const;

function WayAndEvidence({ entry: { way, evidence } }: { entry: TimelineEntry }) {
  const words = ways[way];
  if (words === null && evidence.length === 0) return null;
  return (
    <p className="timeline-facts">
      {words === null ? null : <span>{words}</span>}
      <EvidenceLinks evidence={evidence} />
    </p>
  );
}

/** What an entry can be checked by, and which entry of the log that is. */
export function EvidenceLinks({ evidence }: { evidence: TimelineEntry['evidence'] }) {
  return evidence.map(({ what, href, logIndex }) => (
    <span key={href}>
      <a href={href}>{what}</a>
      {logIndex === undefined ? null : (
        <>
          , <a href={`/log?before=${logIndex + 1}`}>log entry {logIndex}</a>
        </>
      )}
    </span>
  ));
}
