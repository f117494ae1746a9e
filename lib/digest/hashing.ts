// Hashing of bytes in memory, in the shape in which lib/evidence asks for it (that room brings none of its own, because it also runs
// where there is no node:crypto). One value for countersigner, web program and client.
import type { DigestRequest } from '#lib/core/digest.ts';
import { digestBytes, sha256Hex } from './digest-bytes.ts';

export const hashing = {
  sha256: sha256Hex,
  digest: (bytes: Uint8Array, requests: readonly DigestRequest[]): Promise<Uint8Array[]> =>
    Promise.resolve(digestBytes(bytes, requests)),
};
