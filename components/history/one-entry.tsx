// One entry of history on its own page: everything that is known of it, with what it can be checked by.

import { Facts } from '#components/ui/facts.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { EvidenceLinks, Sentence, type TimelineEntry } from './timeline.tsx';

const ways = {
  browser: 'In the browser, with a session',
  link: 'By the personal link of a mail',
  upload: 'Uploaded',
  token: 'With a token',
  jobs: 'By the jobs program',
  countersigner: 'By the countersigner',
} as const;

export function OneEntry({ entry }: { entry: TimelineEntry & { person: string | null; token: string | null } }) {
  const { at, way, token, reason, person, evidence, id } = entry;
  const facts = [
    { term: 'When', value: <When at={at} /> },
    { term: 'Which way', value: token === null ? ways[way] : `With the token “${token}”` },
    ...(person === null ? [] : [{ term: 'Concerns', value: person }]),
    ...(reason === null ? [] : [{ term: 'Reason', value: reason }]),
    ...(evidence.length === 0 ? [] : [{ term: 'Check it by', value: <LinkList evidence={evidence} /> }]),
    { term: 'Entry', value: `${id}; entries are never changed or deleted` },
  ];
  return (
    <>
      <Sentence entry={entry} place="anywhere" />
      <Facts facts={facts} />
    </>
  );
}

/** To the second, for whoever compares it with other records. */
function When({ at }: { at: Date }) {
  return (
    <>
      <Moment at={at} /> ({at.toISOString().slice(0, 19)}Z)
    </>
  );
}

function LinkList({ evidence }: { evidence: TimelineEntry['evidence'] }) {
  return (
    <span className="timeline-facts">
      <EvidenceLinks evidence={evidence} />
    </span>
  );
}
