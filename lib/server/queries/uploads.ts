// The uploads of one person to a project that no draft has yet: how far each came and until when it is kept, for the page and for programs, which
// find by name and digest what they can go on with.
import type { Actor } from '#lib/core/people.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { readRow, stateOf } from '#lib/server/uploads/file-upload.ts';

export type WaitingUpload = {
  id: string;
  name: string;
  size: number;
  sha256: string;
  /** How many bytes came. */
  offset: number;
  isComplete: boolean;
  keptUntil: string;
};

/** One's own. Refuses `person.…`, `token.…`, `project.not-found`. */
export async function waitingUploads(actor: Actor, project: string): Promise<WaitingUpload[]> {
  const { db, clock } = runtime();
  const { name: personName, project: found } = await requireRight(db, actor, 'draft.open', project);
  const rows = await db.fileUpload.findMany({
    where: { projectName: found.name, personName, expiresAt: { gt: clock.now() } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: limits.uploadsPerProjectMax,
  });
  const states = await Promise.all(rows.map((row) => stateOf(readRow(row))));
  return states.map(({ id, name, size, sha256, offset, isStored, expiresAt }) => ({
    ...{ id, name, size, sha256, offset, isComplete: isStored, keptUntil: expiresAt.toISOString() },
  }));
}
