// Foreign bytes onto this machine's disk: to a temporary file in constant memory, counted and hashed on the way (a chunk of 64 kB holds the event
// loop for well under a millisecond), synced, and only then renamed to their place. Leaves nothing where it refuses; what a killed process left is
// removed a day later.
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readSha256, type Sha256 } from '#lib/core/ids.ts';
import type { StoredFile } from './store.ts';

const abandonedMs = 24 * 60 * 60 * 1000;

/** Where a file of this digest lies below a folder. */
export const placeOf = (folder: string, sha256: Sha256): string =>
  path.join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);

/** Makes the folder for what comes in, and removes what uploads of killed processes left there a day ago or longer. */
export async function openIncoming(incoming: string): Promise<void> {
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  await tidyIncoming(incoming, new Date(Date.now() - abandonedMs));
}

/** Removes what was last written to before then. */
export async function tidyIncoming(incoming: string, before: Date): Promise<void> {
  for (const name of await readdir(incoming)) {
    const file = path.join(incoming, name);
    // Another process may finish or remove it in between; then there is nothing to do.
    const found = await stat(file).catch(isAbsent);
    if (found && found.mtime < before) await rm(file, { force: true });
  }
}

/** For what may not be there: false for that, any other fault as it is. */
export function isAbsent(fault: NodeJS.ErrnoException): false {
  if (fault.code === 'ENOENT') return false;
  throw fault;
}

/**
 * Writes foreign bytes to a new file in `incoming` and lets `keep` decide where they go; whatever it leaves there is removed.
 * @throws `upload.too-large`, `upload.digest-differs`, `upload.broken-off`
 */
export async function takeIn(
  incoming: string,
  bytes: AsyncIterable<Uint8Array>,
  options: { bytesMax: number; sha256?: Sha256 },
  keep: (temporary: string, stored: StoredFile) => Promise<void>,
): Promise<StoredFile> {
  const temporary = path.join(incoming, randomUUID());
  try {
    const stored = await writeCounted(temporary, bytes, options.bytesMax);
    if (options.sha256 && options.sha256 !== stored.sha256) {
      throw refuse('upload.digest-differs', { claimed: options.sha256, received: stored.sha256 });
    }
    await keep(temporary, stored);
    return stored;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Writes and hashes what arrives, and makes sure that it is on the disk. */
async function writeCounted(file: string, bytes: AsyncIterable<Uint8Array>, bytesMax: number): Promise<StoredFile> {
  const hash = createHash('sha256');
  let size = 0;
  const count = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      size += chunk.byteLength;
      if (size > bytesMax) throw refuse('upload.too-large', { bytesMax });
      hash.update(chunk);
      yield chunk;
    }
  };
  const sink = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true });
  try {
    await pipeline(count, sink);
  } catch (fault) {
    // A file that is being opened just now would come into being after it was removed.
    if (!sink.closed) await new Promise<void>((resolve) => sink.once('close', resolve));
    if (isRefusal(fault) || isDiskFault(fault)) throw fault;
    throw refuse('upload.broken-off', {}, fault);
  }
  return { sha256: readSha256(hash.digest('hex')), size };
}

/** A fault of our disk is ours, not the sender's. */
function isDiskFault(fault: unknown): boolean {
  return (
    typeof fault === 'object' &&
    fault !== null &&
    'syscall' in fault &&
    ['open', 'write', 'fsync'].includes(String(fault.syscall))
  );
}

/** Renames a synced file to its place, durably. What is there already is replaced. */
export async function putInPlace(temporary: string, place: string): Promise<void> {
  const folder = path.dirname(place);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(temporary, place);
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
