// Makes a new phrase for the actor to sign with a key that is not proven yet; the one before it ends.
import { refuse } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { requireOwn, type Actor } from '#lib/core/people.ts';
import { change, viaOf } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { makeChallenge } from '#lib/server/judge/key-challenge.ts';
import { findOwnKey } from '#lib/server/judge/own-key.ts';

/** @throws `person.sign-in-first`, `key.not-found`, `key.already-proven` */
export async function startKeyProof(
  actor: Actor,
  input: { fingerprint: string },
): Promise<{ fingerprint: Fingerprint; expiresAt: Date; phrase: string }> {
  const name = requireOwn(actor, 'account');
  return change(actor, viaOf(actor), async (work) => {
    const { fingerprint } = await findOwnKey(work.tx, name, input.fingerprint);
    await lockRow(work.tx, 'Key', fingerprint);
    const { row } = await findOwnKey(work.tx, name, fingerprint);
    if (row.state !== 'unproven') throw refuse('key.already-proven', { key: fingerprint });
    const made = await makeChallenge(work, name, fingerprint);
    await work.record('key.challenged', { person: name, details: { key: fingerprint } });
    return { fingerprint, ...made };
  });
}
