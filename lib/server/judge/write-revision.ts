// The statement of a revision, made from rows and kept byte for byte: what people sign, what the index serves; and the address at which the revision
// can be tried before that.
import { readFileName, readSha256, type Sha256 } from '#lib/core/ids.ts';
import { renderStatement } from '#lib/core/statement.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { actorName, type Change } from '#lib/server/change.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { DraftFacts } from './load-case.ts';
import { makePreview } from './preview.ts';

export type WrittenStatement = { bytes: Uint8Array; sha256: Sha256; size: number };

/** Writes the statement of `draft.revision` over the files that are in it now. */
export async function writeRevision(work: Change, draft: DraftFacts): Promise<WrittenStatement> {
  const rows = await work.tx.draftFile.findMany({ where: { draftId: draft.id, until: null } });
  const text = renderStatement({
    index: runtime().indexName,
    project: draft.project,
    version: draft.version,
    draft: draft.id,
    revision: draft.revision,
    openedBy: draft.openedBy,
    files: rows.map((row) => ({ name: readFileName(row.name), sha256: readSha256(row.sha256) })),
  });
  const bytes = new TextEncoder().encode(text);
  const sha256 = sha256Hex(bytes);
  const by = { createdAt: work.now, createdBy: actorName(work.actor) };
  await work.tx.revision.create({
    data: { draftId: draft.id, number: draft.revision, statement: bytes, sha256, ...by },
  });
  await makePreview(work, draft);
  await work.tx.draft.update({ where: { id: draft.id }, data: { metAt: null } }); // the waiting time starts anew
  return { bytes, sha256, size: bytes.length };
}
