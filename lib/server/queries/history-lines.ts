// Rows of history as lines, with three look-ups for a whole page: which release each draft is, which policy documents can be opened, and which
// entries of the log the documents have.
// Only for queries that have asked what the reader may see.
import { readSha256, readVersion, type ProjectName } from '#lib/core/ids.ts';
import type { HistoryEntry } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { numberIn, readDetails } from '#lib/server/history/details.ts';
import { namesPolicy } from '#lib/server/history/evidence.ts';
import type { HistoryWhere } from '#lib/server/history/filter.ts';
import { kindsSeenBy } from '#lib/server/history/kinds.ts';
import { asLine, type HistoryLine, type HistoryReader, type NamedThings } from '#lib/server/history/line.ts';

/** Newest entries under a condition. */
export async function loadHistory(
  tx: Transaction,
  where: HistoryWhere,
  reader: HistoryReader,
  take: number,
): Promise<HistoryLine[]> {
  const kind = { in: kindsSeenBy('everybody', 'people', 'account') };
  const rows = await tx.historyEntry.findMany({ where: { AND: [where, { kind }] }, orderBy: { id: 'desc' }, take });
  return asLines(tx, rows, reader);
}

/** Entries as lines, in their order. */
export async function asLines(tx: Transaction, rows: HistoryEntry[], reader: HistoryReader): Promise<HistoryLine[]> {
  const versionOf = await loadVersions(tx, rows);
  const policyOf = await loadPolicies(tx, rows, reader);
  return withLogIndexes(
    tx,
    rows.map((row) => asLine(row, { versionOf, policyOf }, reader)),
  );
}

/** A numbered document is written once, so its path is enough to find its entry. */
async function withLogIndexes(tx: Transaction, lines: HistoryLine[]): Promise<HistoryLine[]> {
  const paths = [...new Set(lines.flatMap((line) => line.evidence.flatMap(({ document }) => document ?? [])))];
  if (paths.length === 0) return lines;
  const found = await tx.logEntry.findMany({ where: { path: { in: paths } }, select: { path: true, index: true } });
  const indexes = new Map(found.map(({ path, index }) => [path, index]));
  return lines.map((line) => ({
    ...line,
    evidence: line.evidence.map((entry) => {
      const logIndex = indexes.get(entry.document ?? '');
      return logIndex === undefined ? entry : { ...entry, logIndex };
    }),
  }));
}

async function loadVersions(tx: Transaction, rows: HistoryEntry[]): Promise<NamedThings['versionOf']> {
  const ids = [...new Set(rows.flatMap((row) => row.draftId ?? []))];
  const found =
    ids.length === 0
      ? []
      : await tx.draft.findMany({ where: { id: { in: ids } }, select: { id: true, version: true } });
  const versions = new Map(found.map((row) => [row.id, readVersion(row.version)]));
  return (draft) => versions.get(draft) ?? null;
}

const isInForce = ['in-force', 'superseded'];

/** A document that was in force is public; one that is open is for the people of the project; one that was withdrawn cannot be opened. */
async function loadPolicies(
  tx: Transaction,
  rows: HistoryEntry[],
  reader: HistoryReader,
): Promise<NamedThings['policyOf']> {
  const named = rows.filter((row) => namesPolicy(row.kind) && row.projectName !== null);
  if (named.length === 0) return () => null;
  const versions = new Set(named.flatMap((row) => numberIn(readDetails(row.details), 'version') ?? []));
  const projects = new Set(named.flatMap((row) => row.projectName ?? []));
  const found = await tx.policy.findMany({
    where: {
      projectName: { in: [...projects] },
      version: { in: [...versions] },
      state: { in: [...isInForce, 'open'] },
    },
    select: { projectName: true, version: true, state: true, sha256: true },
  });
  const open = found.filter((row) => isInForce.includes(row.state) || reader.isInside(row.projectName as ProjectName));
  const digests = new Map(open.map((row) => [`${row.projectName}@${row.version}`, readSha256(row.sha256)]));
  return (project, version) => digests.get(`${project}@${version}`) ?? null;
}
