// The bytes of published files: in the file store already (a bucket that was not lost), or in a folder that the operator names: a copy of the index tree of another machine, a mirror, what people downloaded. Nothing there is believed
// but by its digest. Refuses to go on without one of them: a page would offer what nobody can download.
import { createReadStream, existsSync } from 'node:fs';
import path from 'node:path';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { RecordFile } from '#lib/core/release.ts';
import { filePath } from '#lib/simple/page.ts';
import { runtime } from '#lib/server/runtime.ts';

/** Sees that each file is in the store; answers how many were taken from the folders. Refuses `catch-up.files-missing`. */
export async function keepStored(wanted: readonly RecordFile[], folders: readonly string[]): Promise<number> {
  const missing: string[] = [];
  let taken = 0;
  for (const file of wanted) {
    if (await runtime().files.has(file.sha256)) continue;
    if (await takeFrom(folders, file)) taken += 1;
    else missing.push(`${file.name} (SHA-256 ${file.sha256})`);
  }
  if (missing.length > 0) throw refuse('catch-up.files-missing', { files: missing });
  return taken;
}

/** As a tree of the index names it, or by its name alone. */
async function takeFrom(folders: readonly string[], { name, sha256, size }: RecordFile): Promise<boolean> {
  const places = folders.flatMap((folder) => [path.join(folder, filePath(sha256, name)), path.join(folder, name)]);
  for (const place of places.filter((one) => existsSync(one))) {
    const isTaken = await runtime()
      .files.receive(createReadStream(place), { bytesMax: size, sha256 })
      .then(() => true, isOther);
    if (isTaken) return true;
  }
  return false;
}

/** Another file of that name; what else goes wrong is no answer. */
function isOther(fault: unknown): false {
  if (isRefusal(fault) && (fault.code === 'upload.digest-differs' || fault.code === 'upload.too-large')) return false;
  throw fault;
}
