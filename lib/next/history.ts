// A timeline as its page shows it: the address read (hostile), one page of entries, the choices of the filter, and the addresses of older
// entries and of the file. Who may see what is decided by the query.

import 'server-only';
import { filterQuery, readEntryId, readFilter, type Asked, type HistoryFilter } from '#lib/server/history/filter.ts';
import { historyGroups } from '#lib/server/history/kinds.ts';
import type { HistoryLine } from '#lib/server/history/line.ts';
import { historyChoices, historyEntry, historyOf, type HistoryChoices } from '#lib/server/queries/history-of.ts';
import type { HistorySubject } from '#lib/server/queries/history-scope.ts';
import { currentActor } from './session.ts';

export type { Asked };

export type ShownHistory = {
  here: string;
  entries: HistoryLine[];
  values: { kind: string; person: string; release: string; from: string; until: string };
  kinds: { value: string; label: string }[];
  people: string[];
  releases: string[];
  older: string | null;
  newest: string | null;
  download: string;
};

/** What a page at `here` shows of the subject for this address. Refuses as the queries do, and `input.not-a`. */
export async function shownHistory(here: string, about: HistorySubject, asked: Asked): Promise<ShownHistory> {
  const actor = await currentActor();
  const filter = readFilter(asked);
  const before = readEntryId(asked['before']);
  const { lines, older } = await historyOf(actor, about, { filter, before });
  const query = filterQuery(filter).toString();
  return {
    ...{ here, entries: lines, values: valuesOf(filter) },
    ...labelled(await historyChoices(actor, about)),
    older: older === null ? null : at(here, filter, older),
    newest: before === null ? null : at(here, filter, null),
    download: `${here}.jsonl${query === '' ? '' : `?${query}`}`,
  };
}

/** One entry of the subject; the number is as it stands in the address. Refuses `history.not-found`. */
export const shownEntry = async (about: HistorySubject, claimed: string): Promise<HistoryLine> =>
  historyEntry(await currentActor(), about, readEntryId(claimed));

function at(here: string, filter: HistoryFilter, before: bigint | null): string {
  const query = filterQuery(filter);
  if (before !== null) query.set('before', String(before));
  return query.size === 0 ? here : `${here}?${query.toString()}`;
}

const valuesOf = ({ group, person, release, from, until }: HistoryFilter): ShownHistory['values'] => ({
  ...{ kind: group ?? '', person: person ?? '', release: release ?? '', from: from ?? '', until: until ?? '' },
});

const labelled = ({ groups, people, releases }: HistoryChoices) => ({
  kinds: groups.map((group) => ({ value: group, label: historyGroups[group] })),
  people,
  releases,
});
