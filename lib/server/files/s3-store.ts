// The store in a bucket that several machines share: `files/aa/SHA256`, `parts/UPLOAD/OFFSET`. Bytes come to this machine first, are counted, hashed and
// checked, and go to the bucket with that digest signed into the request; what comes back is checked against it before anybody sees it (local-cache.ts).
// So a store that lies is noticed, and one that is down refuses with a code of its own; nothing is half there.
// Objects are written without a condition: equal name = equal bytes, and the time of the newest writing is what `remove` goes by.
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { refuse } from '#lib/core/errors.ts';
import { readSha256, type Sha256 } from '#lib/core/ids.ts';
import type { Bucket } from './bucket.ts';
import { openLocalCache } from './local-cache.ts';
import { openS3Parts } from './s3-parts.ts';
import type { FileStore, ListedFile } from './store.ts';
import { takeIn } from './take-in.ts';

const keyOf = (sha256: Sha256): string => `files/${sha256.slice(0, 2)}/${sha256}`;

/** The store in a bucket, with copies in a folder of this machine. */
export async function openS3Store(bucket: Bucket, copies: { folder: string; bytesMax: number }): Promise<FileStore> {
  const cache = await openLocalCache(copies.folder, copies.bytesMax);
  const checkKey = `check/${randomUUID()}`;
  const local = (sha256: Sha256): Promise<string> =>
    cache.find(sha256, async () => {
      const found = await bucket.get(keyOf(sha256));
      if (found === null) throw refuse('file.not-in-store', { sha256 });
      return found;
    });
  return {
    receive: (bytes, options) =>
      takeIn(cache.incoming, bytes, options, async (temporary, stored) => {
        await bucket.putFile(keyOf(stored.sha256), temporary, stored.size);
        const kept = await bucket.look(keyOf(stored.sha256));
        if (kept?.size !== stored.size) throw refuse('storage.not-kept', { sha256: stored.sha256 });
        await cache.keep(temporary, stored);
      }),
    has: async (sha256) => (await bucket.look(keyOf(sha256))) !== null,
    size: async (sha256) => {
      const found = await bucket.look(keyOf(sha256));
      if (found === null) throw refuse('file.not-in-store', { sha256 });
      return found.size;
    },
    read: async (sha256) => readFile(await local(sha256)),
    open: async (sha256, range) => createReadStream(await local(sha256), range),
    local,
    list: () => listFiles(bucket),
    remove: async (sha256, { before }) => {
      const found = await bucket.look(keyOf(sha256));
      if (found === null || found.since >= before) return false;
      await bucket.remove(keyOf(sha256));
      await cache.forget(sha256);
      return true;
    },
    parts: openS3Parts(bucket),
    check: shared(() => checkBucket(bucket, checkKey)),
    tidy: async (before) => {
      await cache.tidy(before);
      for await (const { key, since } of bucket.list('check/')) if (since < before) await bucket.remove(key);
      await bucket.endForgotten('files/', before);
    },
  };
}

/** Who asks while it runs waits for the same answer: a slow store is not asked more and more. */
function shared(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => (running ??= work().finally(() => (running = null)));
}

async function* listFiles(bucket: Bucket): AsyncGenerator<ListedFile> {
  for await (const { key, size, since } of bucket.list('files/')) {
    const [, name] = /^files\/..\/([0-9a-f]{64})$/.exec(key) ?? [];
    if (name !== undefined) yield { sha256: readSha256(name), size, since };
  }
}

/** Everything that we ask of a bucket, once; the fault says which of it did not work. */
async function checkBucket(bucket: Bucket, key: string): Promise<void> {
  const written = Buffer.from(key);
  await saying('Writing', bucket.put(key, written));
  try {
    const found = await saying('Reading', readWhole(bucket, key));
    if (!found.equals(written)) throw new Error('The file store gives back other bytes than were written.');
    await saying('Listing', all(bucket.list('check/')));
  } finally {
    await saying('Deleting', bucket.remove(key));
  }
}

async function readWhole(bucket: Bucket, key: string): Promise<Buffer> {
  return Buffer.concat(await all((await bucket.get(key)) ?? []));
}

async function all<One>(source: AsyncIterable<One> | Iterable<One>): Promise<One[]> {
  const found: One[] = [];
  for await (const one of source) found.push(one);
  return found;
}

const saying = <T>(what: string, work: Promise<T>): Promise<T> =>
  work.catch((fault: unknown) => {
    throw new Error(`${what} fails: ${fault instanceof Error ? fault.message : String(fault)}`, { cause: fault });
  });
