// One file as the body of a PUT, as `curl -T` sends it: under its name in the address, with its digest in a header (repr-digest.ts). Streamed into the store
// in constant memory. Who may, what it is called and how long it is at most is decided before a byte of it is kept.
import type { IncomingMessage } from 'node:http';
import { refuse } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import { readDistributionName } from '#lib/python/file-name.ts';
import { putFile, type PutFile } from '#lib/server/commands/put-file.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';
import { requireRoom, roomFor } from '#lib/server/uploads/room.ts';
import { readReprDigest } from './repr-digest.ts';

/** Refuses `person.…`, `token.…`, `distribution.file-name`, `upload.…`, `project.no-room`, and as putFile. */
export async function receivePut(
  actor: Actor,
  { project, name }: { project: string; name: string },
  req: IncomingMessage,
): Promise<PutFile> {
  const found = await requireRight(runtime().db, actor, 'draft.open', project);
  const { fileName, project: named } = readDistributionName(name);
  if (named !== found.project.name)
    throw refuse('draft.other-project', { name: fileName, found: named, project: found.project.name });
  const sha256 = readReprDigest(req.headers);
  if (sha256 === null)
    throw refuse('upload.header', {
      header: 'Repr-Digest',
      why: 'is missing: sha-256=:BASE64: of the file (RFC 9530)',
    });
  await requireRoom(named, Number(req.headers['content-length'] ?? 0));
  const bytesMax = await roomFor(named);
  const bytes = req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  const stored = await runtime().files.receive(bytes, { bytesMax, sha256 });
  return putFile(actor, project, { uploadedName: fileName, stored });
}
