// The release that a version is compared with, with its files, from rows. The choice is lib/changes/base-release.ts.
import { chooseBase } from '#lib/changes/base-release.ts';
import { readSha256, readVersion, type ProjectName, type Sha256, type Version } from '#lib/core/ids.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';

export type ComparableFile = { name: string; sha256: Sha256; size: number };
export type BaseRelease = { version: Version; files: ComparableFile[] };

/** Null: nothing of the project is published that it could be compared with. */
export async function loadBaseRelease(
  tx: Transaction,
  project: ProjectName,
  version: Version,
): Promise<BaseRelease | null> {
  const rows = await tx.draft.findMany({
    where: { projectName: project, state: 'published' },
    select: { id: true, version: true, yankedReason: true },
  });
  const base = chooseBase(
    version,
    rows.map((row) => ({ id: row.id, version: readVersion(row.version), isYanked: row.yankedReason !== null })),
  );
  if (base === null) return null;
  const files = await tx.draftFile.findMany({ where: { draftId: base.id, until: null }, orderBy: { name: 'asc' } });
  return { version: base.version, files: files.map(asComparable) };
}

/** A file row as comparisons need it. */
export const asComparable = (row: { name: string; sha256: string; size: bigint }): ComparableFile => ({
  ...{ name: row.name, sha256: readSha256(row.sha256), size: Number(row.size) },
});
