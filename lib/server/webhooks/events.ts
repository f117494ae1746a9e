// What a webhook can be told: kinds of history entries, under the headings by which owners choose. The one list; its names are the `type` of a
// message and never change (docs/formats/webhooks.md). A kind that is not here is told to nobody outside.
import { refuse } from '#lib/core/errors.ts';
import type { HistoryKind } from '#lib/server/history/kinds.ts';

export type EventGroup = { title: string; events: readonly { type: HistoryKind; says: string }[] };

export const eventGroups = [
  {
    title: 'Drafts',
    events: [
      { type: 'draft.opened', says: 'A draft was opened' },
      { type: 'file.added', says: 'A file was added: a new revision' },
      { type: 'file.replaced', says: 'A file was replaced: a new revision' },
      { type: 'file.removed', says: 'A file was removed: a new revision' },
      { type: 'draft.declined', says: 'Somebody declined' },
      { type: 'decline.lifted', says: 'A decline was lifted' },
      { type: 'draft.waits', says: 'Enough have signed; the waiting time runs' },
      { type: 'draft.approved', says: 'Enough have signed: approved' },
      { type: 'draft.reopened', says: 'Approved no longer: it waits for signatures again' },
      { type: 'draft.withdrawn', says: 'A draft was withdrawn' },
      { type: 'draft.expired', says: 'A draft expired' },
    ],
  },
  {
    title: 'Signatures',
    events: [
      { type: 'signature.added', says: 'Somebody signed' },
      { type: 'signature.taken-back', says: 'A signature was taken back' },
    ],
  },
  {
    title: 'What people say about drafts',
    events: [
      { type: 'comment.written', says: 'Somebody commented' },
      { type: 'comment.taken-back', says: 'A comment was taken back' },
      { type: 'rebuild.stated', says: 'Somebody rebuilt the files, with the same digests or others' },
      { type: 'rebuild.taken-back', says: 'What was stated about a rebuild was taken back' },
      { type: 'finding.ignored', says: 'What a check found was set aside' },
      { type: 'finding.regarded', says: 'What a check found counts again' },
    ],
  },
  {
    title: 'Releases',
    events: [
      { type: 'release.published', says: 'A release was published' },
      { type: 'release.refused', says: 'The countersigner refused a release' },
      { type: 'release.yanked', says: 'A release was yanked' },
      { type: 'release.unyanked', says: 'A yank was taken back' },
      { type: 'release.below-threshold', says: 'A release has too few signatures that count' },
      { type: 'release.quarantined', says: 'A release was quarantined' },
      { type: 'release.published-again', says: 'A quarantined release was published again' },
      { type: 'elsewhere.uploaded', says: 'A file was uploaded to another index as well' },
      { type: 'elsewhere.failed', says: 'A file could not be uploaded to another index' },
      { type: 'elsewhere.stopped', says: 'A file was not uploaded to another index, and why' },
    ],
  },
  {
    title: 'People and rules',
    events: [
      { type: 'policy.proposed', says: 'A change of the policy was proposed' },
      { type: 'policy.in-force', says: 'A policy came into force' },
      { type: 'policy.withdrawn', says: 'A proposal was withdrawn' },
      { type: 'policy.expired', says: 'A proposal expired' },
      { type: 'project.status-changed', says: 'The project was archived, quarantined or made active' },
    ],
  },
] as const satisfies readonly EventGroup[];

const known: ReadonlySet<string> = new Set(eventGroups.flatMap(({ events }) => events.map(({ type }) => type)));

/** What most receivers want: chosen where nothing else is. */
export const usualEvents: readonly HistoryKind[] = [
  'draft.opened',
  'draft.approved',
  'release.published',
  'release.refused',
  'release.yanked',
  'release.unyanked',
  'release.quarantined',
  'release.published-again',
];

/** Whether webhooks can be told of it. */
export const isWebhookEvent = (kind: string): boolean => known.has(kind);

/** What a form chose (hostile), each once, in the order of the list. @throws `webhook.no-events`, `input.not-a` */
export function readEvents(claimed: readonly string[]): string[] {
  const foreign = claimed.find((kind) => !isWebhookEvent(kind));
  if (foreign !== undefined) throw refuse('input.not-a', { what: 'an event', claimed: foreign.slice(0, 80) });
  const chosen = [...known].filter((kind) => claimed.includes(kind));
  if (chosen.length === 0) throw refuse('webhook.no-events', {});
  return chosen;
}

/** The choice as its row has it. */
export const eventsIn = (row: unknown): string[] =>
  Array.isArray(row) ? row.filter((kind): kind is string => typeof kind === 'string') : [];
