// The last steps of every proof, signed or opened, inside one transaction: the challenge is used up, the key becomes the person's own, and the
// person is told. A challenge or a key that moved on meanwhile (used, proven, revoked, lost, expired) stops it, and nothing is changed.
import { refuse } from '#lib/core/errors.ts';
import type { AccountName, Fingerprint } from '#lib/core/ids.ts';
import { requireRegistrable } from '#lib/pgp/read-certificate.ts';
import { requireHit, type Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { findOwnKey } from './own-key.ts';
import type { SignatureWay } from './signature-way.ts';
import { tellKeyAdded } from './tell-key-added.ts';

/** How a key was proven: by a signature over the phrase, or by the token of an opened message (from the mail, or in the page). */
export type ProofWay = SignatureWay | 'opened' | 'opened-in-browser';

export type Proof = {
  name: AccountName;
  key: Fingerprint;
  challengeId: string;
  /** The token by which it was found; without one, any unused challenge of this id will do. */
  tokenHash?: string;
  way: ProofWay;
};

/** Refuses `key.not-found`, `key.already-proven`, what requireRegistrable refuses, and `key.no-challenge` or `key.token-unusable`. */
export async function finishProof(work: Change, proof: Proof): Promise<{ fingerprint: Fingerprint }> {
  const { tx, now } = work;
  const { name, key, challengeId, tokenHash, way } = proof;
  const moved = () => (tokenHash ? refuse('key.token-unusable', {}) : refuse('key.no-challenge', {}));
  await lockRow(tx, 'Key', key);
  const { row, facts } = await findOwnKey(tx, name, key);
  if (row.state !== 'unproven') throw refuse('key.already-proven', { key });
  requireRegistrable(facts, now.getTime());
  const used = await tx.keyChallenge.updateMany({
    where: { id: challengeId, personName: name, keyFingerprint: key, usedAt: null, expiresAt: { gt: now }, tokenHash },
    data: { usedAt: now },
  });
  requireHit(used, moved);
  const proven = await tx.key.updateMany({
    where: { fingerprint: key, personName: name, state: 'unproven' },
    data: { state: 'active', provenAt: now },
  });
  requireHit(proven, () => refuse('key.already-proven', { key }));
  await work.record('key.proven', { person: name, details: { key, way } });
  await tellKeyAdded(work, name, key);
  return { fingerprint: key };
}
