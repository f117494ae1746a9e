// Digests of bytes that are in memory: statements, policies, certificates. Not for files: a large one would stop the event loop
// (digest-file.ts reads those in a thread).
import { createHash } from 'node:crypto';
import type { DigestRequest } from '#lib/core/digest.ts';
import { readSha256, type Sha256 } from '#lib/core/ids.ts';

/** SHA-256 as lower-case hex. */
export const sha256Hex = (bytes: Uint8Array | string): Sha256 =>
  readSha256(createHash('sha256').update(bytes).digest('hex'));

/** What each signature needs hashed, over these bytes: hash(salt, bytes, suffix). */
export function digestBytes(bytes: Uint8Array, requests: readonly DigestRequest[]): Uint8Array[] {
  return requests.map(({ algorithm, salt, suffix }) => {
    const hash = createHash(algorithm);
    if (salt) hash.update(salt);
    return new Uint8Array(hash.update(bytes).update(suffix).digest());
  });
}
