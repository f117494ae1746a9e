// The bytes of a draft that its people download: statements exactly as they are signed, files exactly as they came.
import { refuse } from '#lib/core/errors.ts';
import { readFileName, readSha256, type FileName, type Sha256 } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import { draftFacts, type DraftFacts } from '#lib/server/judge/load-case.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { Download } from './download.ts';

/** `requests-9.1.0.r3.SHA256SUMS`: what a statement is saved as. */
export const statementFileName = (draft: DraftFacts, revision: number): string =>
  `${draft.project}-${draft.version}.r${revision}.SHA256SUMS`;

/** The statement of a revision from its row. Refuses `draft.not-found` for a revision that does not exist. */
export async function loadStatement(
  tx: Transaction,
  draft: DraftFacts,
  revision: number,
): Promise<{ bytes: Uint8Array; sha256: Sha256 }> {
  const isNumber = Number.isSafeInteger(revision) && revision > 0 && revision < 2 ** 31;
  const row = isNumber
    ? await tx.revision.findUnique({ where: { draftId_number: { draftId: draft.id, number: revision } } })
    : null;
  if (!row) throw refuse('draft.not-found', {});
  return { bytes: row.statement, sha256: readSha256(row.sha256) };
}

/** The statement of a revision (default: the current one) byte for byte, as `PROJECT-VERSION.rN.SHA256SUMS`. */
export async function statementBytes(actor: Actor, id: string, revision?: number): Promise<Download> {
  const { db } = runtime();
  const draft = draftFacts((await findDraft(db, actor, 'project.see-drafts', id)).row);
  const number = revision ?? draft.revision;
  const { bytes } = await loadStatement(db, draft, number);
  return { fileName: statementFileName(draft, number), contentType: 'text/plain; charset=utf-8', bytes };
}

export type StoredDownload = Awaited<ReturnType<typeof draftFile>>;

/** Where a file of the current revision is on disk. Refuses `draft.not-found`, `file.not-found`. */
export async function draftFile(
  actor: Actor,
  id: string,
  name: string,
): Promise<{ name: FileName; path: string; size: number; sha256: Sha256 }> {
  const { db, files } = runtime();
  const { row } = await findDraft(db, actor, 'project.see-drafts', id);
  const file = await db.draftFile.findUnique({ where: { nameSlot: `${row.id}:${name}` } });
  if (!file || file.draftId !== row.id) throw refuse('file.not-found', { name: name.slice(0, 200) });
  const sha256 = readSha256(file.sha256);
  return { name: readFileName(file.name), path: await files.local(sha256), size: Number(file.size), sha256 };
}
