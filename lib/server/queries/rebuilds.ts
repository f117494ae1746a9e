// What people stated about building a revision by themselves, each compared anew with what the statement of that revision binds: nothing is believed
// that a row could say about it. Only for queries that asked what the reader may see.
import { readAccountName, readFileName, readSha256, type AccountName, type DraftId } from '#lib/core/ids.ts';
import { compareRebuild, sayRebuild, type ComparedRebuild } from '#lib/core/rebuild.ts';
import { readStatement } from '#lib/core/statement.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';

export type RebuildLine = {
  id: string;
  name: AccountName;
  revision: number;
  at: Date;
  /** Behind the name: "rebuilt all 2 files and got the same digests". */
  outcome: string;
  isSame: boolean;
  /** How. Hostile text of several lines. */
  recipe: string;
  files: ComparedRebuild[];
};

/** Those that stand, for this revision, oldest first. */
export async function loadRebuilds(
  tx: Transaction,
  { id, revision }: { id: DraftId; revision: number },
): Promise<RebuildLine[]> {
  const where = { draftId: id, revision, standingSlot: { not: null } };
  const rows = await tx.rebuild.findMany({
    where,
    include: { files: true },
    orderBy: [{ statedAt: 'asc' }, { id: 'asc' }],
  });
  if (rows.length === 0) return [];
  const { statement } = await tx.revision.findUniqueOrThrow({
    where: { draftId_number: { draftId: id, number: revision } },
  });
  const bound = readStatement(statement).files;
  return rows.map((row) => {
    const rebuilt = row.files.map((file) => ({ name: readFileName(file.name), sha256: readSha256(file.sha256) }));
    const files = compareRebuild(bound, rebuilt);
    return {
      ...{ id: row.id, name: readAccountName(row.personName), revision, at: row.statedAt, recipe: row.recipe, files },
      ...{ outcome: sayRebuild(files, bound.length), isSame: files.every(({ isSame }) => isSame) },
    };
  });
}
