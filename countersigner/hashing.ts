// Hashing for lib/evidence, which brings none of its own: node:crypto through lib/digest.
import { digestBytes, sha256Hex } from '#lib/digest/digest-bytes.ts';
import type { Hashing } from '#lib/evidence/custody.ts';

export const hashing: Hashing = {
  sha256: sha256Hex,
  digest: (bytes, requests) => Promise.resolve(digestBytes(bytes, requests)),
};
