// What is decided over hostile bytes, as a table: every function here takes plain data and answers plain data, reads no state and holds no key, so
// that it runs in a child process with limits (child.ts). Nothing else in this program opens a bundle, a certificate, a signature or an
// archive that came from outside. Refuses by refusal; what else goes wrong costs the child.
import { acceptPolicies } from '#countersigner/accept-policies.ts';
import { mergeKnown, type Certificates } from '#countersigner/certificates.ts';
import { checkAgain } from '#countersigner/check-again.ts';
import { checkOwner } from '#countersigner/check-owner.ts';
import { reCheck } from '#countersigner/re-check.ts';
import type { Fingerprint, Sha256 } from '#lib/core/ids.ts';
import { readPolicy, type Policy } from '#lib/core/policy.ts';
import { readStatement, type StatementFile } from '#lib/core/statement.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readBundle, type SignedBytes } from '#lib/evidence/bundle.ts';
import { keysNamedIn, onlyNamed } from '#lib/evidence/keyring.ts';

export const turns = { readClaims, mergeNamed, acceptPolicies, reCheck, checkAgain, checkOwner };
export type Turns = typeof turns;

/** What a bundle speaks of, so that it can be compared with what is known: claims, all of it. */
export type Claims = {
  policies: Sha256[];
  /** Every key that its policies name. */
  keys: Fingerprint[];
  /** Of its statement; none where it has none. */
  files: StatementFile[];
  hasFileSignatures: boolean;
  declarations: readonly SignedBytes[];
};

/** Refuses as readBundle, readPolicy and readStatement do. */
async function readClaims({ bundle }: { bundle: Uint8Array }): Promise<Claims> {
  const { policies, statement, fileSignatures, declarations } = await readBundle(bundle);
  return {
    policies: policies.map(({ bytes }) => hashing.sha256(bytes)),
    keys: [...keysNamedIn(policies.map(({ bytes }) => readPolicy(bytes)))],
    files: statement ? readStatement(statement.bytes).files.map((file) => ({ ...file })) : [],
    hasFileSignatures: fileSignatures.size > 0,
    declarations,
  };
}

/** What is known of the keys of these policies, with what the copies in the bundle add. Refuses as lib/pgp refuses a certificate. */
async function mergeNamed(given: {
  bundle: Uint8Array;
  policies: readonly Policy[];
  known: Certificates;
  now: number;
}): Promise<Certificates> {
  const { certificates } = await readBundle(given.bundle);
  return mergeKnown(given.known, onlyNamed(certificates, given.policies), given.now);
}
