// Uploads that are complete, as files for a draft: of whoever sent them, for the project that they were sent to. While a command works with them their rows
// stand, so that nobody takes the bytes for forgotten ones; once the draft has them, its own rows do.
import { refuse } from '#lib/core/errors.ts';
import { readProjectName, type ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import type { Upload } from '#lib/server/files/inspect-upload.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';
import { findUpload, keptUntil } from './file-upload.ts';

/** Where they are to go: a draft, or a new one of a project. */
type Target = { project: string } | { draft: string };

async function projectOf(actor: Actor, target: Target): Promise<ProjectName> {
  const { db } = runtime();
  if ('project' in target) return (await requireRight(db, actor, 'draft.open', target.project)).project.name;
  return readProjectName((await findDraft(db, actor, 'draft.change-files', target.draft)).row.projectName);
}

/** `ids`: as a form names them; hostile. Refuses `upload.not-found`, `upload.unfinished`, `upload.other-project`. */
async function readUploads(actor: Actor, target: Target, ids: readonly string[]): Promise<Upload[]> {
  if (ids.length === 0) return [];
  const { db, clock } = runtime();
  const project = await projectOf(actor, target);
  const uploads: Upload[] = [];
  for (const id of ids) {
    const { name, sha256, size, isStored, project: sentTo } = await findUpload(actor, id);
    if (sentTo !== project) throw refuse('upload.other-project', { name, project });
    if (!isStored) throw refuse('upload.unfinished', { name });
    await db.fileUpload.updateMany({ where: { id }, data: { expiresAt: keptUntil(clock.now()) } });
    uploads.push({ uploadedName: name, stored: { sha256, size } });
  }
  return uploads;
}

/** Runs a command that puts them into a draft; they are forgotten once it did, and stay where it refuses. */
export async function withUploads<T>(
  actor: Actor,
  target: Target,
  ids: readonly string[],
  work: (uploads: Upload[]) => Promise<T>,
): Promise<T> {
  const done = await work(await readUploads(actor, target, ids));
  if (ids.length > 0) await runtime().db.fileUpload.deleteMany({ where: { id: { in: [...ids] } } });
  return done;
}
