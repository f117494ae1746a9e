// Takes signatures for a draft: each packet ends as counted or with its sentence.
import type { AccountName, DraftId } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import type { DraftState } from '#lib/core/release.ts';
import type { PacketOutcome } from '#lib/server/judge/packet-outcome.ts';
import type { SignatureWay } from '#lib/server/judge/signature-way.ts';

export type AddSignatureInput = {
  draft: string;
  signature: Uint8Array;
  way: SignatureWay;
  /** The revision that was looked at; another one is refused `draft.moved-on`. */
  expectedRevision?: number;
};

export type AddedSignature = {
  draft: DraftId;
  outcomes: PacketOutcome[];
  state: DraftState;
  signed: number;
  required: number;
  couldStillSign: AccountName[];
};

export async function addSignature(actor: Actor, input: AddSignatureInput): Promise<AddedSignature> {
  throw new Error(`being written ${actor.kind} ${input.draft}`);
}
