// What a reader wants to see of a timeline, as it stands in an address (`?kind=signatures&person=bo&from=2026-11-01`), and as a condition on
// rows. The same for pages, permalinks and downloads. Everything in it is hostile until read; what is no filter is refused, so that a list
// never silently holds more than was asked for.
import { refuse } from '#lib/core/errors.ts';
import { readAccountName, type AccountName, type Version } from '#lib/core/ids.ts';
import { readCanonicalVersion } from '#lib/python/versions.ts';
import type { Prisma } from '#lib/server/db/generated/client.ts';
import { historyGroups, kindsIn, type HistoryGroup } from './kinds.ts';

export type HistoryWhere = Prisma.HistoryEntryWhereInput;

export type HistoryFilter = {
  group: HistoryGroup | null;
  /** Who did it, or whom it concerns. */
  person: AccountName | null;
  release: Version | null;
  /** Whole days in UTC, both included: "2026-11-22". */
  from: string | null;
  until: string | null;
};

/** The fields of an address: what Next hands to a page, or a query string as an object. */
export type Asked = Record<string, string | string[] | undefined>;

const day = 86_400_000;

/** The filter of an address. An empty field is none. Refuses `input.not-a`. */
export function readFilter(asked: Asked): HistoryFilter {
  return {
    group: readField(asked, 'kind', readGroup),
    person: readField(asked, 'person', readAccountName),
    release: readField(asked, 'release', readCanonicalVersion),
    from: readField(asked, 'from', readDay),
    until: readField(asked, 'until', readDay),
  };
}

/** The number of an entry in an address; null where none is given. Refuses `input.not-a`. */
export const readEntryId = (claimed: string | string[] | undefined): bigint | null =>
  readField({ entry: claimed }, 'entry', (text) => {
    if (/^[1-9]\d{0,17}$/.test(text)) return BigInt(text);
    throw refuse('input.not-a', { what: 'the number of an entry', claimed: text.slice(0, 40) });
  });

/** The filter as it stands in an address, in one order; what is not given is left out. */
export function filterQuery({ group, person, release, from, until }: HistoryFilter): URLSearchParams {
  const given = Object.entries({ kind: group, person, release, from, until });
  return new URLSearchParams(given.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

/** The filter as a condition. `drafts`: the ids of the drafts of the release, where one is asked for. */
export function whereOfFilter({ group, person, from, until }: HistoryFilter, drafts: string[] | null): HistoryWhere {
  return {
    AND: [
      group === null ? {} : { kind: { in: kindsIn(group) } },
      person === null ? {} : { OR: [{ actor: person }, { personName: person }] },
      drafts === null ? {} : { draftId: { in: drafts } },
      from === null ? {} : { at: { gte: new Date(from) } },
      until === null ? {} : { at: { lt: new Date(Date.parse(until) + day) } },
    ],
  };
}

function readField<T>(asked: Asked, name: string, read: (text: string) => T): T | null {
  const claimed = asked[name];
  if (claimed === undefined || claimed === '') return null;
  if (Array.isArray(claimed)) throw refuse('input.not-a', { what: `one ${name}`, claimed: claimed.length.toString() });
  return read(claimed.trim());
}

function readGroup(text: string): HistoryGroup {
  if (Object.hasOwn(historyGroups, text)) return text as HistoryGroup;
  throw refuse('input.not-a', { what: 'a kind of history', claimed: text.slice(0, 40) });
}

function readDay(text: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (!Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)) return text;
  throw refuse('input.not-a', { what: 'a day such as 2026-11-22', claimed: text.slice(0, 40) });
}
