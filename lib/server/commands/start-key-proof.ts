// Makes a new phrase for the actor to sign with a key that is not proven yet.
import type { Fingerprint } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';

export async function startKeyProof(actor: Actor, input: { fingerprint: string }): Promise<{ fingerprint: Fingerprint; expiresAt: Date }> {
  throw new Error(`being written ${actor.kind} ${input.fingerprint}`);
}
