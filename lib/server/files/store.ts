// Files by content: `files/aa/bb/SHA256`, never changed once there. Uploaded bytes are hostile and may be as long as the
// sender likes: they go to a temporary file in constant memory, are counted and hashed on the way (a chunk of 64 kB holds
// the event loop for well under a millisecond), synced, and only then renamed to their digest. Nothing here knows names.
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, type ReadStream } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readSha256, type Sha256 } from '#lib/core/ids.ts';

export type StoredFile = { sha256: Sha256; size: number; path: string };
/** First and last byte, both included, as in HTTP. */
export type ByteRange = { start: number; end: number };

export type FileStore = {
  /**
   * Takes in foreign bytes up to a limit; with `sha256` only those very bytes. Leaves nothing behind when it refuses.
   * @throws `upload.too-large`, `upload.digest-differs`, `upload.broken-off`
   */
  receive(bytes: AsyncIterable<Uint8Array>, options: { bytesMax: number; sha256?: Sha256 }): Promise<StoredFile>;
  has(sha256: Sha256): Promise<boolean>;
  /** Where the file is, for programs and workers that read by path. The file may not exist. */
  path(sha256: Sha256): string;
  size(sha256: Sha256): Promise<number>;
  /** The whole file; only for what is known to be small. */
  read(sha256: Sha256): Promise<Buffer>;
  /** A stream of the file or of a part of it. */
  open(sha256: Sha256, range?: ByteRange): ReadStream;
};

const abandonedMs = 24 * 60 * 60 * 1000;

/** Opens the store, removing what uploads of killed processes left behind a day ago or longer. */
export async function openFileStore(folder: string): Promise<FileStore> {
  const incoming = path.join(folder, 'incoming');
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  await removeAbandoned(incoming);
  const place = (sha256: Sha256): string => path.join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  return {
    receive: (bytes, options) => receive(incoming, place, bytes, options),
    has: (sha256) => stat(place(sha256)).then(() => true, isAbsent),
    path: place,
    size: async (sha256) => (await stat(place(sha256))).size,
    read: (sha256) => readFile(place(sha256)),
    open: (sha256, range) => createReadStream(place(sha256), range),
  };
}

function isAbsent(fault: NodeJS.ErrnoException): false {
  if (fault.code === 'ENOENT') return false;
  throw fault;
}

async function removeAbandoned(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const file = path.join(incoming, name);
    // Another process may finish or remove it in between; then there is nothing to do.
    const age = await stat(file).then((found) => Date.now() - found.mtimeMs, isAbsent);
    if (age !== false && age > abandonedMs) await rm(file, { force: true });
  }
}

async function receive(
  incoming: string,
  place: (sha256: Sha256) => string,
  bytes: AsyncIterable<Uint8Array>,
  options: { bytesMax: number; sha256?: Sha256 },
): Promise<StoredFile> {
  const temporary = path.join(incoming, randomUUID());
  try {
    const { sha256, size } = await writeCounted(temporary, bytes, options.bytesMax);
    if (options.sha256 && options.sha256 !== sha256) {
      throw refuse('upload.digest-differs', { claimed: options.sha256, received: sha256 });
    }
    await putInPlace(temporary, place(sha256));
    return { sha256, size, path: place(sha256) };
  } catch (fault) {
    await rm(temporary, { force: true });
    throw fault;
  }
}

/** Writes and hashes what arrives, and makes sure that it is on the disk. */
async function writeCounted(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  bytesMax: number,
): Promise<{ sha256: Sha256; size: number }> {
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

async function putInPlace(temporary: string, place: string): Promise<void> {
  const folder = path.dirname(place);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(temporary, place); // equal name = equal bytes, so replacing changes nothing
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
