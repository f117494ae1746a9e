// SHA-256 of a file of any size, chunk by chunk, and, from the same pass, the digests that signatures over the file need: the state behind
// the last octet is kept and each signature's own tail put after it (performance.md, 3.2). Memory stays that of one chunk.
// Trusts hash-wasm for the arithmetic; runs the same in the hashing worker and in Node.
import { createSHA256 } from 'hash-wasm';
import { readSha256, type Sha256 } from '#lib/core/ids.ts';

/** What a file hashes to: its own digest, and one with each of the wanted tails behind it. */
export type FileDigest = { sha256: Sha256; bytes: number; withTails: Uint8Array[] };

export type Hashing = {
  update: (chunk: Uint8Array) => void;
  /** Ends the hashing; nothing can be added then. */
  finish: (tails: readonly Uint8Array[]) => FileDigest;
};

/** A hashing that has begun. */
export async function startHashing(): Promise<Hashing> {
  const hasher = await createSHA256();
  hasher.init();
  let bytes = 0;
  return {
    update(chunk) {
      hasher.update(chunk);
      bytes += chunk.length;
    },
    finish(tails) {
      const state = hasher.save();
      const withTails = tails.map((tail) => hasher.load(state).update(tail).digest('binary'));
      const sha256 = readSha256(hasher.load(state).digest('hex'));
      return { sha256, bytes, withTails };
    },
  };
}
