// The one query of history: of a project, of a draft, of the reader's own account; as pages, as one entry, as a stream of all of it. Pages
// are newest first and do not shift when something happens meanwhile: each begins below a number. What may be seen: history-scope.ts.
import { refuse } from '#lib/core/errors.ts';
import { readVersion, type AccountName, type ProjectName, type Version } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import type { HistoryFilter, HistoryWhere } from '#lib/server/history/filter.ts';
import { historyGroups, historyKinds, type HistoryGroup } from '#lib/server/history/kinds.ts';
import type { HistoryLine } from '#lib/server/history/line.ts';
import { loadPolicyInForce } from '#lib/server/judge/load-policy.ts';
import { runtime } from '#lib/server/runtime.ts';
import { asLines } from './history-lines.ts';
import { openHistory, type HistoryScope, type HistorySubject } from './history-scope.ts';

export type HistoryWish = {
  filter?: HistoryFilter;
  /** Entries older than the one of this number. */
  before?: bigint | null;
};

export type HistoryPage = {
  lines: HistoryLine[];
  /** What the next page begins below; null: this is the last one. */
  older: bigint | null;
};

const aPage = 50;
const aPiece = 500;

/** A page of a timeline. Refuses `…not-found`, `person.sign-in-first`. */
export async function historyOf(actor: Actor, about: HistorySubject, wish: HistoryWish = {}): Promise<HistoryPage> {
  const { db } = runtime();
  const { where, reader } = await openHistory(db, actor, about, wish.filter);
  const below: HistoryWhere = wish.before ? { id: { lt: wish.before } } : {};
  const rows = await db.historyEntry.findMany({
    where: { AND: [where, below] },
    orderBy: { id: 'desc' },
    take: aPage + 1,
  });
  const shown = rows.slice(0, aPage);
  const last = rows.length > aPage ? shown.at(-1) : undefined;
  return { lines: await asLines(db, shown, reader), older: last?.id ?? null };
}

/** One entry by its number, where it belongs to this timeline. Refuses `history.not-found`, and as historyOf does. */
export async function historyEntry(actor: Actor, about: HistorySubject, id: bigint | null): Promise<HistoryLine> {
  const { db } = runtime();
  const { where, reader } = await openHistory(db, actor, about);
  const row = id === null ? null : await db.historyEntry.findFirst({ where: { AND: [where, { id }] } });
  const [line] = row === null ? [] : await asLines(db, [row], reader);
  if (!line) throw refuse('history.not-found', {});
  return line;
}

/**
 * All of a timeline in pieces, oldest first, up to what there is when it begins. Who may see it is asked now, before the first piece.
 * Refuses as historyOf does.
 */
export async function historyStream(
  actor: Actor,
  about: HistorySubject,
  filter: HistoryFilter,
): Promise<AsyncIterable<HistoryLine[]>> {
  const { db } = runtime();
  const scope = await openHistory(db, actor, about, filter);
  const newest = await db.historyEntry.findFirst({ where: scope.where, orderBy: { id: 'desc' }, select: { id: true } });
  return pieces(db, scope, newest?.id ?? 0n);
}

async function* pieces(tx: Transaction, { where, reader }: HistoryScope, last: bigint): AsyncGenerator<HistoryLine[]> {
  for (let after = 0n; after < last;) {
    const rows = await tx.historyEntry.findMany({
      where: { AND: [where, { id: { gt: after, lte: last } }] },
      orderBy: { id: 'asc' },
      take: aPiece,
    });
    yield await asLines(tx, rows, reader);
    after = rows.at(-1)?.id ?? last;
  }
}

/** By what a reader of a timeline can filter. */
export type HistoryChoices = { groups: HistoryGroup[]; people: AccountName[]; releases: Version[] };

/** The choices of a filter: only what this reader can find something under. Refuses as historyOf does. */
export async function historyChoices(actor: Actor, about: HistorySubject): Promise<HistoryChoices> {
  const { db } = runtime();
  const { kinds, project, isInside } = await openHistory(db, actor, about);
  const found = new Set<HistoryGroup>(kinds.map((kind) => historyKinds[kind].group));
  const groups = (Object.keys(historyGroups) as HistoryGroup[]).filter((group) => found.has(group));
  if (project === null) return { groups, people: [], releases: [] };
  const policy = (await loadPolicyInForce(db, project))?.policy;
  const named = policy ? [...policy.people, ...policy.retired, ...policy.struck].map(({ name }) => name) : [];
  const releases = 'draft' in about ? [] : await loadReleases(db, project, isInside);
  return { groups, people: [...new Set(named)].sort(), releases };
}

const releasesMost = 200;

async function loadReleases(tx: Transaction, project: ProjectName, isInside: boolean): Promise<Version[]> {
  const rows = await tx.draft.findMany({
    where: { projectName: project, ...(isInside ? {} : { publishedAt: { not: null } }) },
    orderBy: { openedAt: 'desc' },
    distinct: ['version'],
    take: releasesMost,
    select: { version: true },
  });
  return rows.map((row) => readVersion(row.version));
}
