// Which entries of history concern a person most recently: in their projects, and in their account. Only for queries that asked which projects
// those are. The newest of each project come from the index, so that neither many projects nor a long history cost time: one condition
// over all of them reads every entry of the instance from the newest on.
import type { AccountName, ProjectName } from '#lib/core/ids.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';

/** Their numbers, newest first. */
export async function newestEntries(
  tx: Transaction,
  name: AccountName,
  projects: readonly ProjectName[],
  most: number,
): Promise<bigint[]> {
  const rows = await tx.$queryRaw<{ id: bigint }[]>`
    SELECT entry."id" FROM unnest(${projects}::text[]) AS mine("name") CROSS JOIN LATERAL
      (SELECT "id" FROM "HistoryEntry" WHERE "projectName" = mine."name" ORDER BY "id" DESC LIMIT ${most}) AS entry
    UNION ALL
    (SELECT "id" FROM "HistoryEntry" WHERE "personName" = ${name} AND "projectName" IS NULL ORDER BY "id" DESC LIMIT ${most})
    ORDER BY "id" DESC LIMIT ${most}`;
  return rows.map(({ id }) => id);
}
