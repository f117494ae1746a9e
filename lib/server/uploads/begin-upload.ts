// Begins to send a file that may come in several requests: what it is called, how long it is and which digest it has are said before its first byte, and
// bind it to its last. The same file of the same person for the same project is one upload: whoever begins it again goes on with it.
import { refuse } from '#lib/core/errors.ts';
import { readSha256, type ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { readDistributionName } from '#lib/python/file-name.ts';
import { orTaken } from '#lib/server/db/faults.ts';
import type { FileUpload as Row } from '#lib/server/db/generated/client.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { makeToken } from '#lib/server/secrets.ts';
import { keptUntil, readRow, stateOf, type UploadState } from './file-upload.ts';
import { requireRoom } from './room.ts';

/** All of it hostile. */
export type WantedUpload = { project: string; name: string; size: number; sha256: string };

type Begun = Pick<Row, 'personName' | 'name' | 'sha256' | 'size'> & { projectName: ProjectName };

/** Refuses `person.…`, `token.…`, `project.…`, `distribution.file-name`, `draft.other-project`, `upload.…`. */
export async function beginUpload(actor: Actor, wanted: WantedUpload): Promise<UploadState> {
  const { project, name: person } = await requireRight(runtime().db, actor, 'draft.open', wanted.project);
  const { fileName: name, project: named } = readDistributionName(wanted.name);
  if (named !== project.name) throw refuse('draft.other-project', { name, found: named, project: project.name });
  const sha256 = readSha256(wanted.sha256);
  if (!Number.isSafeInteger(wanted.size) || wanted.size < 1) throw refuse('upload.nothing', {});
  const begun = { projectName: project.name, personName: person, name, sha256, size: BigInt(wanted.size) };
  return stateOf(readRow((await goOn(begun)) ?? (await begin(begun))));
}

/** The one that was begun; null: there is none. */
async function goOn({ size, ...is }: Begun): Promise<Row | null> {
  const { db, clock } = runtime();
  await db.fileUpload.updateMany({ where: is, data: { expiresAt: keptUntil(clock.now()) } });
  const row = await db.fileUpload.findUnique({ where: { projectName_personName_name_sha256: is } });
  if (row !== null && row.size !== size)
    throw refuse('upload.length-differs', { declared: Number(row.size), length: Number(size) });
  return row;
}

/** There is room for it before, and still once its row is there: of two that come at once neither gets past a limit. */
async function begin(begun: Begun): Promise<Row> {
  const { db, clock } = runtime();
  const { projectName, size } = begun;
  await requireRoom(projectName, Number(size));
  const now = clock.now();
  const data = { ...begun, id: makeToken(), createdAt: now, expiresAt: keptUntil(now) };
  const row = await orTaken(db.fileUpload.create({ data }), () => refuse('upload.taken-over', {}));
  try {
    await requireRoom(projectName, 0);
    const most = limits.uploadsPerProjectMax;
    if ((await db.fileUpload.count({ where: { projectName } })) > most) throw refuse('upload.too-many', { most });
  } catch (fault) {
    await db.fileUpload.delete({ where: { id: row.id } });
    throw fault;
  }
  return row;
}
