// The revisions before the current one: their statements' digests, who had signed them, and what changed after each.
import { readAccountName, readSha256, type AccountName, type DraftId, type Sha256 } from '#lib/core/ids.ts';
import type { DraftFile as FileRow } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';

export type EarlierRevision = {
  number: number;
  sha256: Sha256;
  createdAt: Date;
  createdBy: AccountName;
  signedBy: AccountName[];
  /** "added …", "replaced …", "removed …" in the revision after it. */
  changes: string[];
};

/** Newest first. Only for queries that asked what the reader may see. */
export async function loadEarlierRevisions(
  tx: Transaction,
  draft: DraftId,
  current: number,
): Promise<EarlierRevision[]> {
  const rows = await tx.revision.findMany({
    where: { draftId: draft, number: { lt: current } },
    orderBy: { number: 'desc' },
  });
  if (rows.length === 0) return [];
  const files = await tx.draftFile.findMany({ where: { draftId: draft }, orderBy: { name: 'asc' } });
  const signatures = await tx.signature.findMany({ where: { draftId: draft, subject: 'statement' } });
  return rows.map((row) => ({
    ...{ number: row.number, sha256: readSha256(row.sha256), createdAt: row.createdAt },
    createdBy: readAccountName(row.createdBy),
    signedBy: signatures
      .filter((entry) => entry.revision === row.number)
      .map((entry) => readAccountName(entry.personName)),
    changes: changesAfter(row.number, files),
  }));
}

function changesAfter(revision: number, files: readonly FileRow[]): string[] {
  const gone = files.filter((file) => file.until === revision).map((file) => file.name);
  const come = files.filter((file) => file.since === revision + 1).map((file) => file.name);
  return [
    ...come.map((name) => (gone.includes(name) ? `replaced ${name}` : `added ${name}`)),
    ...gone.filter((name) => !come.includes(name)).map((name) => `removed ${name}`),
  ];
}
