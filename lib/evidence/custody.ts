// When a signature was first seen, where, and whether it was taken back: facts that no packet can say about itself. Whoever decides
// brings them from a source of their own: the countersigner from its state, the client from the countersigned record.
import type { DigestRequest } from '#lib/core/digest.ts';
import type { Sha256 } from '#lib/core/ids.ts';
import type { SignatureFacts } from '#lib/core/verdict.ts';

export type Custody = { received: number; firstSeenHere: boolean; takenBack: boolean };

/** Asked for each signature that fits the bytes with this digest. */
export type CustodyOf = (facts: SignatureFacts, over: Sha256) => Custody;

/** Hashing comes from outside (lib/digest), because this room also runs where there is no node:crypto. */
export type Hashing = {
  sha256(bytes: Uint8Array): Sha256;
  digest(bytes: Uint8Array, requests: readonly DigestRequest[]): Promise<Uint8Array[]>;
};
