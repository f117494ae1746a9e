// Takes signatures for a draft: each packet ends as counted or with its sentence. They are checked before the change, since
// hashing files takes time, and judged inside it, under the lock of the draft's row, by rows as they are then. Whoever completes
// the threshold approves the draft in the same change, exactly once. A signature counts for the owner of its key by the policy.
// By a personal link anybody can send anything: what cannot be verified leaves no trace there but a count.
import { isRefusal } from '#lib/core/errors.ts';
import type { AccountName, DraftId } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import type { DraftState } from '#lib/core/release.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { keepingRefusals, viaOf } from '#lib/server/change.ts';
import { checkPackets, type CheckedPacket } from '#lib/server/judge/check-packets.ts';
import { explainUnverified } from '#lib/server/judge/enter-packets.ts';
import type { PacketOutcome } from '#lib/server/judge/packet-outcome.ts';
import { countUnverified, type LinkActor } from '#lib/server/judge/personal-link.ts';
import { sayStanding } from '#lib/server/judge/say-standing.ts';
import { enterSignature, requireRevision, type Signed } from '#lib/server/judge/sign-together.ts';
import type { SignatureWay } from '#lib/server/judge/signature-way.ts';
import { loadSigningCase, type SigningCase } from '#lib/server/judge/signing-case.ts';
import { countSignatures, timingVerification } from '#lib/server/metrics.ts';
import { runtime } from '#lib/server/runtime.ts';

export type AddSignatureInput = {
  draft: string;
  signature: Uint8Array;
  way: SignatureWay;
  /** The revision that was looked at; another one is refused `draft.moved-on`. */
  expectedRevision?: number;
};

export type AddedSignature = {
  draft: DraftId;
  revision: number;
  outcomes: PacketOutcome[];
  state: DraftState;
  signed: number;
  required: number;
  couldStillSign: AccountName[];
  /** "2 of 2, publishing" */
  standing: string;
};

/** @throws `person.…`, `link.…`, `token.…`, `draft.not-found`, `draft.moved-on`, `draft.not-now`, `signature.…` for what is no signature */
export async function addSignature(actor: Actor, input: AddSignatureInput): Promise<AddedSignature> {
  const added = await take(actor, input);
  countSignatures(added.outcomes);
  return added;
}

async function take(actor: Actor, input: AddSignatureInput): Promise<AddedSignature> {
  const tried = await loadSigningCase({ actor, draft: input.draft });
  const { id, project } = tried.loaded.draft;
  if (actor.kind === 'link') return takeByLink(actor, tried, input);
  return keepingRefusals(
    actor,
    viaOf(actor),
    { kind: 'signature.refused', project, draft: id, person: tried.name },
    async () => enter(actor, input, await check(tried, input)),
  );
}

/** What came, tried over everything that the draft has or had. */
async function check(
  { loaded, certificates, targets }: SigningCase,
  input: AddSignatureInput,
): Promise<CheckedPacket[]> {
  requireRevision(loaded, input.expectedRevision);
  const packets = await readSignatures(input.signature);
  const checked = await timingVerification(() => checkPackets(packets, certificates, targets));
  await runtime().hold?.('add-signature.checked');
  return checked;
}

async function takeByLink(link: LinkActor, tried: SigningCase, input: AddSignatureInput): Promise<AddedSignature> {
  const { loaded } = tried;
  const checked = await check(tried, input).catch(async (fault: unknown) => {
    if (isRefusal(fault)) await countUnverified(link);
    throw fault;
  });
  const known = checked.filter(({ subject }) => subject !== null);
  const unknown = checked.filter(({ subject }) => subject === null);
  if (unknown.length > 0) await countUnverified(link);
  const entered = known.length === 0 ? asAdded({ loaded, outcomes: [] }) : await enter(link, input, known);
  const outcomes = [...entered.outcomes, ...unknown.map((packet) => explainUnverified(loaded, packet))];
  return { ...entered, outcomes };
}

const enter = async (
  actor: Actor,
  { draft, expectedRevision, way }: AddSignatureInput,
  checked: CheckedPacket[],
): Promise<AddedSignature> => asAdded(await enterSignature({ actor, draft, expectedRevision, checked, way }));

function asAdded({ loaded, outcomes }: Signed): AddedSignature {
  const { counted, required, couldStillSign } = loaded.verdict;
  const { id, revision, state } = loaded.draft;
  const standing = sayStanding(loaded);
  return { draft: id, revision, outcomes, state, signed: counted.length, required, couldStillSign, standing };
}
