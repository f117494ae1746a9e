// Takes what comes of an upload, from the byte at which it goes on. What came before a connection broke stays. A newer request takes over from one that
// still hangs: of two, only the newer one writes. With its last byte the file goes through the store, which hashes it: other bytes than were
// declared are thrown away whole. Killed at any point, it goes on at a byte that it says itself.
import { randomUUID } from 'node:crypto';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import { runtime } from '#lib/server/runtime.ts';
import { findUpload, keptUntil, stateOf, type FileUpload, type UploadState } from './file-upload.ts';

type Continued = { offset: number; bytes: AsyncIterable<Uint8Array> };

/** Refuses `upload.not-found`, `upload.wrong-offset`, `upload.taken-over`, `upload.too-large`, `upload.digest-differs`, and as `findUpload`. */
export async function continueUpload(actor: Actor, id: string, { offset, bytes }: Continued): Promise<UploadState> {
  const { files } = runtime();
  const { offset: kept, ...upload } = await stateOf(await findUpload(actor, id));
  if (offset !== kept) throw refuse('upload.wrong-offset', { offset, kept });
  if (upload.isStored) return { ...upload, offset };
  const stillMine = await takeOver(actor, id);
  const isHere = (await files.parts.kept(id)) === upload.size; // cut off behind its last byte, which comes again and is not needed
  if (!isHere) await files.parts.put(id, offset, whileMine(bytes, stillMine), { bytesMax: upload.size - offset });
  await stillMine();
  if ((await files.parts.kept(id)) === upload.size) await complete(upload);
  return stateOf(await findUpload(actor, id));
}

/** From here on this request writes. The answer asks whether it still does, and whether the sender still may. */
async function takeOver(actor: Actor, id: string): Promise<() => Promise<void>> {
  const { db, clock, hold } = runtime();
  const writer = randomUUID();
  await db.fileUpload.updateMany({ where: { id }, data: { writer } });
  await hold?.('upload.writer');
  return async () => {
    await findUpload(actor, id);
    const data = { expiresAt: keptUntil(clock.now()) };
    const { count } = await db.fileUpload.updateMany({ where: { id, writer }, data });
    if (count === 0) throw refuse('upload.taken-over', {});
  };
}

const bytesPerLook = 32 * 1024 ** 2;

/** Passes on what comes, and asks now and then, and at the end, however that comes. */
async function* whileMine(
  bytes: AsyncIterable<Uint8Array>,
  stillMine: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  let unseen = 0;
  try {
    for await (const piece of bytes) {
      unseen += piece.length;
      if (unseen >= bytesPerLook) {
        await stillMine();
        unseen = 0;
      }
      yield piece;
    }
  } catch (fault) {
    if (!isRefusal(fault)) await stillMine();
    throw fault;
  }
  await stillMine();
}

/** Everything is here: into the store, and only then is it said so. Done twice, it is the same. */
async function complete({ id, size, sha256 }: FileUpload): Promise<void> {
  const { db, clock, files, hold } = runtime();
  try {
    await files.receive(files.parts.read(id, size), { bytesMax: size, sha256 });
  } catch (fault) {
    if (isRefusal(fault) && fault.code === 'upload.digest-differs') await forgetUpload(id);
    throw fault;
  }
  await hold?.('upload.in-store');
  const storedAt = clock.now();
  await db.fileUpload.updateMany({ where: { id, storedAt: null }, data: { storedAt, expiresAt: keptUntil(storedAt) } });
  await hold?.('upload.stored');
  await files.parts.remove(id);
}

/** The row first: parts without one are removed by jobs, a row without parts would say that it goes on. */
async function forgetUpload(id: string): Promise<void> {
  const { db, files } = runtime();
  await db.fileUpload.deleteMany({ where: { id } });
  await files.parts.remove(id);
}

/** Ends one's own upload, whatever came of it. Refuses as `findUpload`. */
export async function dropUpload(actor: Actor, id: string): Promise<void> {
  await forgetUpload((await findUpload(actor, id)).id);
}
