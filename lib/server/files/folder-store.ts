// The store in a folder of this machine: `aa/bb/SHA256`, beside `incoming/` for what is being taken in and `parts/` for uploads that go on later.
// Equal name = equal bytes, so that replacing a file changes nothing but the time at which it was last taken in.
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import { readSha256, type Sha256 } from '#lib/core/ids.ts';
import { openFolderParts } from './folder-parts.ts';
import type { FileStore, ListedFile } from './store.ts';
import { isAbsent, openIncoming, placeOf, putInPlace, takeIn, tidyIncoming } from './take-in.ts';

/** Opens the store, removing what uploads of killed processes left behind a day ago or longer. */
export async function openFolderStore(folder: string): Promise<FileStore> {
  const incoming = path.join(folder, 'incoming');
  await openIncoming(incoming);
  const place = (sha256: Sha256): string => placeOf(folder, sha256);
  const here = async (sha256: Sha256): Promise<number> => {
    const found = await stat(place(sha256)).catch(isAbsent);
    if (found === false) throw refuse('file.not-in-store', { sha256 });
    return found.size;
  };
  const local = (sha256: Sha256): Promise<string> => here(sha256).then(() => place(sha256));
  return {
    receive: (bytes, options) =>
      takeIn(incoming, bytes, options, (temporary, { sha256 }) => putInPlace(temporary, place(sha256))),
    has: (sha256) => stat(place(sha256)).then(() => true, isAbsent),
    size: here,
    read: async (sha256) => readFile(await local(sha256)),
    open: async (sha256, range) => createReadStream(await local(sha256), range),
    local,
    list: () => listFiles(folder),
    remove: (sha256, { before }) => removeOld(place(sha256), path.join(incoming, randomUUID()), before),
    parts: openFolderParts(path.join(folder, 'parts'), incoming),
    check: () => checkFolder(path.join(incoming, randomUUID())),
    tidy: (before) => tidyIncoming(incoming, before),
  };
}

async function* listFiles(folder: string): AsyncGenerator<ListedFile> {
  const isPrefix = (name: string): boolean => /^[0-9a-f]{2}$/.test(name);
  for (const first of (await readdir(folder)).filter(isPrefix)) {
    for (const second of (await readdir(path.join(folder, first))).filter(isPrefix)) {
      for (const name of await readdir(path.join(folder, first, second))) {
        const found = await stat(path.join(folder, first, second, name)).catch(isAbsent);
        if (found) yield { sha256: readSha256(name), size: found.size, since: found.mtime };
      }
    }
  }
}

/** Taken out of its place first and looked at there: bytes that came again meanwhile go back. */
async function removeOld(place: string, aside: string, before: Date): Promise<boolean> {
  const found = await stat(place).catch(isAbsent);
  if (found === false || found.mtime >= before) return false;
  const isMoved = await rename(place, aside).then(() => true, isAbsent);
  if (!isMoved) return false;
  const isOld = (await stat(aside)).mtime < before;
  if (!isOld) await link(aside, place).catch(orThere);
  await rm(aside);
  return isOld;
}

function orThere(fault: NodeJS.ErrnoException): void {
  if (fault.code !== 'EEXIST') throw fault;
}

async function checkFolder(file: string): Promise<void> {
  const handle = await open(file, 'wx+', 0o600);
  try {
    const written = Buffer.from(file);
    await handle.write(written, 0, written.length, 0);
    await handle.sync();
    const { buffer } = await handle.read(Buffer.alloc(written.length), 0, written.length, 0);
    if (!buffer.equals(written)) throw new Error('The disk gives back other bytes than were written.');
  } finally {
    await handle.close();
    await rm(file, { force: true });
  }
}
