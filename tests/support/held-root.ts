// A root that people hold, for tests of an index with a public address: one holder, whose key is made here and forgotten.
import { generateKeyPairSync } from 'node:crypto';
import type { IndexName } from '#lib/core/ids.ts';
import { publicOctetsOf, signEd25519 } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readRoot, signedRootBytes, tufKeyId } from '#lib/evidence/root-document.ts';
import { acceptRoot, newRoot } from '../../countersigner/tuf/ceremony.ts';
import { newestRoot } from '../../countersigner/tuf/root.ts';
import type { Store } from '../../countersigner/store.ts';

/** The whole ceremony, where there is no root yet; then the countersigner serves it with its first hand-back. */
export function holdRoot(store: Store, index: IndexName, now: number): void {
  if (newestRoot(store) !== null) return;
  const { privateKey } = generateKeyPairSync('ed25519');
  const holder = Buffer.from(publicOctetsOf(privateKey)).toString('hex');
  const given = { index, holders: [holder], threshold: 1, days: 365, renew: [], now };
  const { facts } = readRoot(newRoot(store, given), hashing);
  const signature = Buffer.from(signEd25519(privateKey, signedRootBytes(facts, hashing))).toString('hex');
  acceptRoot(store, { facts, signatures: [{ keyId: tufKeyId(holder, hashing), signature }] }, now);
}
