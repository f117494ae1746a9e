// Files from one store into another, by digest: each is read once, checked by the receiving store, and not sent again where it is there already.
import type { Sha256 } from '#lib/core/ids.ts';
import type { FileStore } from '#lib/server/files/store.ts';

const bytesMax = Number.MAX_SAFE_INTEGER;

/** Copies these files; answers how many were not there before. Rejects with `upload.digest-differs` where a store holds other bytes than it says. */
export async function copyFiles(from: FileStore, to: FileStore, digests: Iterable<Sha256>): Promise<number> {
  let copied = 0;
  for (const sha256 of digests) {
    if (await to.has(sha256)) continue;
    await to.receive(await from.open(sha256), { bytesMax, sha256 });
    copied += 1;
  }
  return copied;
}

/** Every digest of a store. */
export async function digestsOf(store: FileStore): Promise<Sha256[]> {
  const found: Sha256[] = [];
  for await (const { sha256 } of store.list()) found.push(sha256);
  return found.sort();
}
