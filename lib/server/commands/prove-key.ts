// Takes the signature over the phrase: the key is the actor's from now on.
import type { Fingerprint } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import type { SignatureWay } from '#lib/server/judge/signature-way.ts';

export type ProveKeyInput = { fingerprint: string; signature: Uint8Array; way: SignatureWay };

export async function proveKey(actor: Actor, input: ProveKeyInput): Promise<{ fingerprint: Fingerprint }> {
  throw new Error(`being written ${actor.kind} ${input.fingerprint}`);
}
