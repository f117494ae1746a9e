// How much may come: per file, per release and per project. What counts for a project is what is not published: the files of its open drafts, and uploads
// on their way at the size that they declared. Asked before bytes are received, and again inside the change that puts them into a draft.
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName } from '#lib/core/ids.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';

type Sized = { sha256: string; size: number };

/** Bytes of a project that are not published; `except`: digests of uploads that are about to become files of a draft. */
async function unpublishedBytes(tx: Transaction, project: ProjectName, except: readonly string[]): Promise<number> {
  const inDrafts = await tx.draftFile.aggregate({
    where: { until: null, draft: { projectName: project, state: { in: ['draft', 'approved'] } } },
    _sum: { size: true },
  });
  const underWay = await tx.fileUpload.aggregate({
    where: { projectName: project, expiresAt: { gt: runtime().clock.now() }, sha256: { notIn: [...except] } },
    _sum: { size: true },
  });
  return Number(inDrafts._sum.size ?? 0) + Number(underWay._sum.size ?? 0);
}

/** How many bytes one more file of this project may have. */
export async function roomFor(project: ProjectName): Promise<number> {
  const used = await unpublishedBytes(runtime().db, project, []);
  return Math.max(0, Math.min(limits.uploadBytesMax, limits.unpublishedBytesPerProjectMax - used));
}

/** Refuses `upload.too-large`, `project.no-room` for a file that is announced. */
export async function requireRoom(project: ProjectName, size: number): Promise<void> {
  if (size > limits.uploadBytesMax) throw refuse('upload.too-large', { bytesMax: limits.uploadBytesMax });
  requireWithin(project, (await unpublishedBytes(runtime().db, project, [])) + size);
}

function requireWithin(project: ProjectName, bytes: number): void {
  const bytesMax = limits.unpublishedBytesPerProjectMax;
  if (bytes > bytesMax) throw refuse('project.no-room', { project, bytesMax });
}

/**
 * Inside the change that gives a draft these files. `kept` and `gone`: what it has already and what leaves it.
 * Refuses `release.too-large`, `project.no-room`.
 */
export async function requireRoomInDraft(
  tx: Transaction,
  project: ProjectName,
  { added, kept, gone }: Record<'added' | 'kept' | 'gone', readonly Sized[]>,
): Promise<void> {
  const sizeOf = (files: readonly Sized[]): number => files.reduce((sum, file) => sum + file.size, 0);
  const bytesMax = limits.releaseBytesMax;
  if (sizeOf(added) + sizeOf(kept) > bytesMax) throw refuse('release.too-large', { bytesMax });
  const digests = added.map(({ sha256 }) => sha256);
  requireWithin(project, (await unpublishedBytes(tx, project, digests)) + sizeOf(added) - sizeOf(gone));
}
