// Which files go to the other index, and when not: rows in the transaction that publishes the release, or when an owner asks for it later. What is not
// published here goes nowhere: asked when a row is made, and again before each try.
import { randomUUID } from 'node:crypto';
import type { ProjectName } from '#lib/core/ids.ts';
import type { Change } from '#lib/server/change.ts';
import type { Draft as DraftRow, OtherIndex } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';

/** Why a release goes nowhere now; null: it may. */
export async function hindranceElsewhere(tx: Transaction, draft: DraftRow): Promise<string | null> {
  if (draft.state !== 'published') return `the release is ${draft.state} here`;
  if (draft.belowSince !== null) return 'the release has fewer signatures than it needs';
  if (draft.yankedReason !== null) return 'the release is yanked here';
  const project = await tx.project.findUniqueOrThrow({ where: { name: draft.projectName } });
  return project.status === 'quarantined' ? 'the project is quarantined' : null;
}

/** Queues every file of a release that was published a moment ago, where its project has another index. */
export async function queueElsewhere(work: Change, project: ProjectName, draftId: string): Promise<void> {
  const index = await work.tx.otherIndex.findUnique({ where: { projectName: project } });
  if (index !== null) await queueFiles(work, index, draftId);
}

/** Queues what has not arrived there; answers how many files. What is on its way is left alone. */
export async function queueFiles({ tx, now }: Change, index: OtherIndex, draftId: string): Promise<number> {
  const files = await tx.draftFile.findMany({ where: { draftId, until: null }, orderBy: { name: 'asc' } });
  const known = await tx.otherUpload.findMany({ where: { draftId } });
  const anew = { url: index.url, state: 'waiting', nextAt: now, claimedAt: null, tries: 0, endedAt: null, says: null };
  let queued = 0;
  for (const { name: fileName } of files) {
    const before = known.find((row) => row.fileName === fileName);
    const isThere = before?.url === index.url && (before.state === 'done' || before.state === 'waiting');
    if (isThere) continue;
    const about = { projectName: index.projectName, draftId, fileName, createdAt: now };
    await tx.otherUpload.upsert({
      where: { draftId_fileName: { draftId, fileName } },
      create: { id: randomUUID(), ...about, ...anew },
      update: anew,
    });
    queued += 1;
  }
  return queued;
}
