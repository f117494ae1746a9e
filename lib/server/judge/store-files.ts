// Inspected files as rows of a draft, from a revision on, with what looking into them told. The unique slot holds that a name is in a draft once.
import { randomUUID } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import type { DraftId } from '#lib/core/ids.ts';
import { keepDescription } from '#lib/server/changes/description.ts';
import { keepComparison } from '#lib/server/changes/make-comparison.ts';
import { actorName, type Change } from '#lib/server/change.ts';
import { orTaken } from '#lib/server/db/faults.ts';
import type { InspectedFile } from '#lib/server/files/inspect-upload.ts';

/** Adds the files from revision `since` on. Refuses `draft.same-name-twice`. */
export async function storeFiles(
  work: Change,
  draft: DraftId,
  since: number,
  files: readonly InspectedFile[],
): Promise<void> {
  for (const file of files) {
    const { name, sha256, blake2b256, kind, metadataSha256, requiresPython, summary } = file;
    const row = {
      ...{ id: randomUUID(), draftId: draft, name, sha256, size: BigInt(file.size), blake2b256, kind },
      ...{ metadataSha256, requiresPython, summary: summary?.slice(0, 500) ?? null, checks: file.checks },
      ...{ addedBy: actorName(work.actor), addedAt: work.now, since, nameSlot: `${draft}:${name}` },
    };
    await orTaken(work.tx.draftFile.create({ data: row }), () => refuse('draft.same-name-twice', { name }));
    if (file.description) await keepDescription(work.tx, sha256, file.description, work.now);
    if (file.comparison) await keepComparison(work.tx, file.comparison);
  }
}
