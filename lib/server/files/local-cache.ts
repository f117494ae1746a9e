// Copies of stored files on this machine, for workers, children and links: each is checked against its digest when it is made, and the oldest go when
// there are too many bytes. What was used within the last minutes stays, so that nobody's path leads to nothing. The folder may be shared by several
// processes of one machine: a copy comes into its place by a rename.
import { readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { Sha256 } from '#lib/core/ids.ts';
import { limits } from '#lib/server/limits.ts';
import { whileItBreaks } from './bucket-request.ts';
import { isAbsent, openIncoming, placeOf, putInPlace, takeIn, tidyIncoming } from './take-in.ts';

export type LocalCache = {
  /** Where bytes lie that are being taken in, before they have a place. */
  incoming: string;
  /** Puts a complete file, whose digest was checked, in its place. */
  keep(temporary: string, stored: { sha256: Sha256; size: number }): Promise<void>;
  /** The copy; made by `fetch` where there is none. @throws `storage.other-bytes`, faults of `fetch` */
  find(sha256: Sha256, fetch: () => Promise<AsyncIterable<Uint8Array>>): Promise<string>;
  forget(sha256: Sha256): Promise<void>;
  /** Removes what killed programs were taking in before then. */
  tidy(before: Date): Promise<void>;
};

/** What `takeIn` says of bytes that are not those that were taken in once. */
const foreign = ['upload.digest-differs', 'upload.too-large'];
const stays = 10 * 60 * 1000;
const touchedAgainMs = 60 * 1000;

/** Opens the cache in a folder of its own, for at most so many bytes (and what is in use). */
export async function openLocalCache(folder: string, bytesMax: number): Promise<LocalCache> {
  const incoming = path.join(folder, 'incoming');
  await openIncoming(incoming);
  const place = (sha256: Sha256): string => placeOf(folder, sha256);
  const filling = new Map<Sha256, Promise<string>>();
  let added = bytesMax; // look around at the first copy, then after each twentieth part
  const keep: LocalCache['keep'] = async (temporary, { sha256, size }) => {
    await putInPlace(temporary, place(sha256));
    added += size;
    if (added < bytesMax / 20) return;
    added = 0;
    await removeOldest(folder, bytesMax);
  };
  const fill = async (sha256: Sha256, fetch: () => Promise<AsyncIterable<Uint8Array>>): Promise<string> => {
    try {
      await takeIn(incoming, await fetch(), { bytesMax: limits.uploadBytesMax, sha256 }, keep);
      return place(sha256);
    } catch (fault) {
      if (isRefusal(fault) && foreign.includes(fault.code)) throw refuse('storage.other-bytes', { sha256 }, fault);
      throw fault;
    }
  };
  return {
    incoming,
    keep,
    find: async (sha256, fetch) => {
      const found = await stat(place(sha256)).catch(isAbsent);
      if (found) {
        const now = new Date();
        if (now.getTime() - found.mtimeMs > touchedAgainMs) await utimes(place(sha256), now, now).catch(isAbsent);
        return place(sha256);
      }
      const running =
        filling.get(sha256) ?? whileItBreaks(() => fill(sha256, fetch)).finally(() => filling.delete(sha256));
      filling.set(sha256, running);
      return running;
    },
    forget: (sha256) => rm(place(sha256), { force: true }),
    tidy: (before) => tidyIncoming(incoming, before),
  };
}

async function removeOldest(folder: string, bytesMax: number): Promise<void> {
  const files: { file: string; size: number; usedAt: number }[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!/^[0-9a-f]{64}$/.test(entry.name)) continue;
    const file = path.join(entry.parentPath, entry.name);
    const found = await stat(file).catch(isAbsent);
    if (found) files.push({ file, size: found.size, usedAt: found.mtimeMs });
  }
  let bytes = files.reduce((sum, { size }) => sum + size, 0);
  for (const { file, size, usedAt } of files.sort((a, b) => a.usedAt - b.usedAt)) {
    if (bytes <= bytesMax || usedAt > Date.now() - stays) return;
    await rm(file, { force: true });
    bytes -= size;
  }
}
