// Takes signatures over an open policy. The packets are checked over the exact bytes of the document, judged by core under the
// row's lock, and stored only where they count. When everybody who must has signed, the policy comes into force at once.
import { refuse } from '#lib/core/errors.ts';
import type { AccountName, Sha256 } from '#lib/core/ids.ts';
import { beginsNewChain } from '#lib/core/new-chain.ts';
import type { Actor } from '#lib/core/people.ts';
import { digestBytes } from '#lib/digest/digest-bytes.ts';
import { checkSignatures } from '#lib/pgp/check-signatures.ts';
import { readSignatures, type SignaturePacket } from '#lib/pgp/read-signatures.ts';
import { change, keepingRefusals, type Change, viaOf } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { awaitOperator } from '#lib/server/judge/await-operator.ts';
import { bringIntoForce } from '#lib/server/judge/bring-into-force.ts';
import { enterPolicySignature } from '#lib/server/judge/enter-policy-signature.ts';
import { loadKeyRing, loadKeysOfPeople } from '#lib/server/judge/key-ring.ts';
import { judgePolicy, loadPolicyVersion, type LoadedPolicy } from '#lib/server/judge/load-policy.ts';
import type { PacketOutcome } from '#lib/server/judge/packet-outcome.ts';
import { requirePolicySigner } from '#lib/server/judge/policy-signer.ts';
import type { SignatureWay } from '#lib/server/judge/signature-way.ts';
import { runtime } from '#lib/server/runtime.ts';

export type AddPolicySignatureInput = {
  project: string;
  version: number;
  signature: Uint8Array;
  way: SignatureWay;
  /** SHA-256 of the document that was looked at; another one is refused `policy.moved-on`. */
  expectedSha256?: Sha256;
};

export type AddedPolicySignature = { outcomes: PacketOutcome[]; inForce: boolean; missing: number };

/** @throws `person.…`, `project.not-found`, `policy.not-found`, `policy.moved-on`, `policy.not-open`, codes of lib/pgp */
export async function addPolicySignature(actor: Actor, input: AddPolicySignatureInput): Promise<AddedPolicySignature> {
  const { db } = runtime();
  const { project, name } = await requirePolicySigner(db, actor, input.project, input.version);
  const next = await loadPolicyVersion(db, project.name, input.version);
  if (input.expectedSha256 && input.expectedSha256 !== next.sha256)
    throw refuse('policy.moved-on', { version: next.version });
  const about = { kind: 'policy.signature-refused', project: project.name, person: name } as const;
  return keepingRefusals(actor, viaOf(actor), about, async () => {
    const packets = await readSignatures(input.signature);
    const facts = await checkOver(next, packets, name);
    await runtime().hold?.('add-policy-signature.checked');
    return change(actor, viaOf(actor), (work) => enter(work, input, next.sha256, { packets, facts }));
  });
}

/** What the packets show over the document, by the keys of everybody concerned and of the one who hands them in. */
async function checkOver(
  next: LoadedPolicy,
  packets: SignaturePacket[],
  name: AccountName,
): ReturnType<typeof checkSignatures> {
  const { db, clock } = runtime();
  const { previous } = await judgePolicy(db, next, clock.now());
  const people = [...(previous?.policy.people ?? []), ...next.policy.people];
  const owned = await loadKeysOfPeople(db, [...people.map((person) => person.name), name]);
  const ring = await loadKeyRing(db, [...owned, ...people.flatMap((person) => person.keys)]);
  const digest = (requests: Parameters<typeof digestBytes>[1]) => Promise.resolve(digestBytes(next.bytes, requests));
  return checkSignatures({ packets, certificates: ring.certificates, digest });
}

type Checked = { packets: SignaturePacket[]; facts: Awaited<ReturnType<typeof checkSignatures>> };

async function enter(
  work: Change,
  input: AddPolicySignatureInput,
  sha256: Sha256,
  checked: Checked,
): Promise<AddedPolicySignature> {
  const { project } = await requirePolicySigner(work.tx, work.actor, input.project, input.version);
  await lockRow(work.tx, 'Project', project.name);
  const next = await loadPolicyVersion(work.tx, project.name, input.version);
  if (next.sha256 !== sha256) throw refuse('policy.moved-on', { version: next.version });
  const outcomes: PacketOutcome[] = [];
  for (const [at, packet] of checked.packets.entries()) {
    const facts = checked.facts[at];
    if (facts) outcomes.push(await enterPolicySignature(work, next, { packet, facts, way: input.way }));
  }
  const judged = await judgePolicy(work.tx, next, work.now);
  const isComplete = next.state === 'open' && judged.verdict.met;
  const inForce = isComplete && !beginsNewChain(next.policy);
  if (inForce) await bringIntoForce(work, judged);
  else if (isComplete) await awaitOperator(work, judged);
  const missing = judged.verdict.needs.reduce((sum, need) => sum + need.missing, 0);
  return { outcomes, inForce: inForce || next.state === 'in-force', missing };
}
