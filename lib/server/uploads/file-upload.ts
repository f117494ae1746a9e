// A file on its way in several requests: the row that says who sends what where, and the bytes so far, in the store's parts. Who asks is decided anew at
// every request, by rows of that moment; to everybody but whoever began it an upload does not exist. Nothing of it is history: what becomes part
// of a draft is. Nothing that matters is in the memory of a process.
import { refuse } from '#lib/core/errors.ts';
import {
  readFileName,
  readProjectName,
  readSha256,
  type FileName,
  type ProjectName,
  type Sha256,
} from '#lib/core/ids.ts';
import { requireAsking, type Actor } from '#lib/core/people.ts';
import { after } from '#lib/server/clock.ts';
import type { FileUpload as Row } from '#lib/server/db/generated/client.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';

export type FileUpload = {
  id: string;
  project: ProjectName;
  name: FileName;
  size: number;
  sha256: Sha256;
  /** When it is removed unless more comes. */
  expiresAt: Date;
  /** All of it came, has the declared digest, and is in the store. */
  isStored: boolean;
};

/** As it is told to whoever sends: where it goes on. */
export type UploadState = FileUpload & { offset: number };

export const readRow = (row: Row): FileUpload => ({
  ...{ id: row.id, project: readProjectName(row.projectName), name: readFileName(row.name), size: Number(row.size) },
  ...{ sha256: readSha256(row.sha256), expiresAt: row.expiresAt, isStored: row.storedAt !== null },
});

/** The actor's own upload, where they still may send to its project. Refuses `upload.not-found`, `person.…`, `token.…`. */
export async function findUpload(actor: Actor, claimed: string): Promise<FileUpload> {
  const { db, clock } = runtime();
  const person = requireAsking(actor, 'draft.open');
  const row = await db.fileUpload.findUnique({ where: { id: claimed } });
  if (row?.personName !== person || row.expiresAt <= clock.now()) throw refuse('upload.not-found', {});
  await requireRight(db, actor, 'draft.open', row.projectName);
  return readRow(row);
}

/**
 * Where it goes on. The last byte is not counted before the file is in the store: whoever was cut off behind it sends it again, and with it the file
 * is completed.
 */
export async function stateOf(upload: FileUpload): Promise<UploadState> {
  const { id, size, isStored } = upload;
  const offset = isStored ? size : Math.min(await runtime().files.parts.kept(id), size - 1);
  return { ...upload, offset };
}

/** Until when an upload is kept that something came of just now. */
export const keptUntil = (now: Date): Date => after(now, limits.uploadKeptMs);
