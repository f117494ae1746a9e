// Adds an OpenPGP certificate to the actor's account, or merges a newer copy into it (revocations are sticky).
import type { Fingerprint } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';

export type AddKeyInput = { certificate: Uint8Array };
export type AddedKey = { fingerprint: Fingerprint; outcome: 'added' | 'updated' | 'unchanged' };

export async function addKey(actor: Actor, input: AddKeyInput): Promise<AddedKey> {
  throw new Error(`being written ${actor.kind} ${input.certificate.length}`);
}
