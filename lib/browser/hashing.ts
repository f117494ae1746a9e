// SHA-256 of a file of any size, chunk by chunk, and the state behind its last octet: from that one pass, later, comes the digest of every signature
// over the file, with the signature's own tail put behind it (performance.md, 3.2). Memory stays that of one chunk.
// Trusts hash-wasm for the arithmetic; runs the same in the hashing worker, in the signing worker and in Node.
import { createSHA256 } from 'hash-wasm';
import { readSha256, type Sha256 } from '#lib/core/ids.ts';

/** What a file hashes to. `state` is for `resumeHashing`; it tells as much of the file as its digest does. */
export type FileDigest = { sha256: Sha256; bytes: number; state: Uint8Array };

export type Hashing = {
  update: (chunk: Uint8Array) => void;
  /** Ends the hashing; nothing can be added then. */
  finish: () => FileDigest;
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
    finish() {
      const state = hasher.save();
      return { sha256: readSha256(hasher.digest('hex')), bytes, state };
    },
  };
}

export type Resumed = {
  /** Of the file alone. No other file's state gives it. */
  sha256: Sha256;
  /** The digest over the file and these octets behind it. */
  withTail: (tail: Uint8Array) => Uint8Array;
};

/** Goes on where `finish` was. Throws for a state that is none. */
export async function resumeHashing(state: Uint8Array): Promise<Resumed> {
  const hasher = await createSHA256();
  return {
    sha256: readSha256(hasher.load(state).digest('hex')),
    withTail: (tail) => hasher.load(state).update(tail).digest('binary'),
  };
}
