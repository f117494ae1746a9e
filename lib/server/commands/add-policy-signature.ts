// Takes signatures over an open policy. When everybody who must has signed, the policy comes into force.
import type { Sha256 } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import type { PacketOutcome } from '#lib/server/judge/packet-outcome.ts';
import type { SignatureWay } from '#lib/server/judge/signature-way.ts';

export type AddPolicySignatureInput = {
  project: string;
  version: number;
  signature: Uint8Array;
  way: SignatureWay;
  /** SHA-256 of the document that was looked at; another one is refused `policy.moved-on`. */
  expectedSha256?: Sha256;
};

export async function addPolicySignature(
  actor: Actor,
  input: AddPolicySignatureInput,
): Promise<{ outcomes: PacketOutcome[]; inForce: boolean; missing: number }> {
  throw new Error(`being written ${actor.kind} ${input.project}`);
}
