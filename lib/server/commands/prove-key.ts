// Takes the signature over the phrase: from then on the key is proven to be the actor's. The phrase is used up by a good
// signature only, so that a mistake costs nothing; a refused one is kept in history.
import { refuse } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { requireOwn, type Actor } from '#lib/core/people.ts';
import { sayReason, type Reason } from '#lib/core/reason.ts';
import { judgeEntry } from '#lib/core/verdict.ts';
import { digestBytes } from '#lib/digest/digest-bytes.ts';
import { checkSignatures } from '#lib/pgp/check-signatures.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { change, keepingRefusals, viaOf } from '#lib/server/change.ts';
import { finishProof } from '#lib/server/judge/finish-proof.ts';
import { findChallenge } from '#lib/server/judge/key-challenge.ts';
import { findOwnKey, type OwnKey } from '#lib/server/judge/own-key.ts';
import type { SignatureWay } from '#lib/server/judge/signature-way.ts';
import { runtime } from '#lib/server/runtime.ts';

export type ProveKeyInput = { fingerprint: string; signature: Uint8Array; way: SignatureWay };

/** @throws `person.sign-in-first`, `key.not-found`, `key.already-proven`, `key.no-challenge`, `key.not-proven`, codes of lib/pgp */
export async function proveKey(actor: Actor, input: ProveKeyInput): Promise<{ fingerprint: Fingerprint }> {
  const name = requireOwn(actor, 'account');
  const { db, clock } = runtime();
  const key = await findOwnKey(db, name, input.fingerprint);
  if (key.row.state !== 'unproven') throw refuse('key.already-proven', { key: key.fingerprint });
  const challenge = await findChallenge(db, name, key.fingerprint, clock.now());
  if (!challenge) throw refuse('key.no-challenge', {});
  return keepingRefusals(actor, viaOf(actor), { kind: 'key.proof-refused', person: name }, async () => {
    await requireProof(key, challenge.phrase, input.signature, clock.now().getTime());
    return change(actor, viaOf(actor), (work) =>
      finishProof(work, { name, key: key.fingerprint, challengeId: challenge.id, way: input.way }),
    );
  });
}

/** Refuses `key.not-proven` unless one of the packets is a good signature by this key over the phrase, received now. */
async function requireProof(
  key: OwnKey,
  phrase: Uint8Array,
  foreignBytes: Uint8Array,
  received: number,
): Promise<void> {
  const packets = await readSignatures(foreignBytes);
  const digest = (requests: Parameters<typeof digestBytes>[1]) => Promise.resolve(digestBytes(phrase, requests));
  const found = await checkSignatures({ packets, certificates: [key.row.certificate], digest });
  const ring = new Map([[key.fingerprint, key.facts]]);
  const reasons = found.map((facts) => judgeEntry(facts, received, ring));
  const [first] = reasons;
  if (first && !reasons.includes(null)) throw refuse('key.not-proven', { why: sayProofReason(first) });
  if (reasons.length === 0) throw refuse('key.not-proven', { why: 'There is no signature in it.' });
}

// The words of core speak of statements; two mistakes need their own here.
function sayProofReason(reason: Reason): string {
  if (reason.code === 'wrong-bytes')
    return 'The signature is by this key, but over other bytes than the phrase. Save the phrase again and sign that file unchanged.';
  if (reason.code === 'unknown-key') return `The signature was made by key ${reason.claimed}, not by this one.`;
  return sayReason(reason);
}
