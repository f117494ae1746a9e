// Lets one checked packet into an open policy, or says why not. Core judges it together with those that are there; a person
// has one signature on a policy, however many packets or keys. Called inside a change with the project's row locked.
import { refuse } from '#lib/core/errors.ts';
import type { AccountName } from '#lib/core/ids.ts';
import { evaluatePolicy, needsOf } from '#lib/core/policy-chain.ts';
import { personOfKey } from '#lib/core/policy.ts';
import { sayReason, type Reason } from '#lib/core/reason.ts';
import type { SignatureFacts } from '#lib/core/verdict.ts';
import type { SignaturePacket } from '#lib/pgp/read-signatures.ts';
import type { Change } from '#lib/server/change.ts';
import { judgePolicy, type JudgedPolicy, type LoadedPolicy } from './load-policy.ts';
import type { PacketOutcome } from './packet-outcome.ts';
import type { SignatureWay } from './signature-way.ts';

export type PolicyPacket = { packet: SignaturePacket; facts: SignatureFacts; way: SignatureWay };

/** Refuses `policy.not-open` for a new signature on what is no longer open; the same packet again is answered calmly. */
export async function enterPolicySignature(
  work: Change,
  next: LoadedPolicy,
  given: PolicyPacket,
): Promise<PacketOutcome> {
  const judged = await judgePolicy(work.tx, next, work.now);
  const person = personOf(judged, given.facts);
  const reason = reasonAgainst(judged, given.facts, work.now, person);
  const base = { packetSha256: given.packet.sha256, person, key: given.facts.key, over: reason ? null : 'policy' };
  if (reason || !person) return refused(work, next, base, reason);
  const earlier = judged.signatures.find((row) => row.personName === person);
  if (earlier) {
    await work.record('signature.repeated', { project: next.project, person, details: { policy: next.version } });
    const says = `${person} signed policy ${next.version} on ${earlier.received.toISOString().slice(0, 16).replace('T', ' ')} UTC; nothing to do.`;
    return { ...base, result: 'already-there', says, reason: null };
  }
  if (next.state !== 'open') throw refuse('policy.not-open', { version: next.version, state: next.state });
  await store(work, next, given, person);
  return { ...base, result: 'counted', says: `Signed by ${person}.`, reason: null };
}

function personOf({ next, previous }: JudgedPolicy, facts: SignatureFacts): AccountName | null {
  const key = facts.key;
  if (!key) return null;
  const person = (previous && personOfKey(previous.policy, key)) ?? personOfKey(next.policy, key);
  return person?.name ?? null;
}

type Against = Reason | { code: 'nothing-needed'; name: AccountName };

function reasonAgainst(
  { next, rules, ring }: JudgedPolicy,
  facts: SignatureFacts,
  now: Date,
  person: AccountName | null,
): Against | null {
  const given = [{ facts, received: now.getTime() }];
  const { notCounted } = evaluatePolicy(rules, next.policy, given, ring.facts, now.getTime());
  const reason = notCounted[0]?.reason ?? null;
  const isNeeded = needsOf(rules, next.policy).some((need) =>
    need.people.some((candidate) => candidate.name === person),
  );
  if (reason?.code === 'not-in-policy' && person && !isNeeded) return { code: 'nothing-needed', name: person };
  return reason;
}

async function refused(
  work: Change,
  next: LoadedPolicy,
  base: Pick<PacketOutcome, 'packetSha256' | 'person' | 'key' | 'over'>,
  reason: Against | null,
): Promise<PacketOutcome> {
  const against = reason ?? { code: 'unknown-key' as const, claimed: base.key ?? 'unknown' };
  const says =
    against.code === 'nothing-needed'
      ? `This change needs the owners only; nothing is asked of ${against.name}.`
      : sayPolicyReason(against).slice(0, 500);
  const details = { code: against.code, says, packet: base.packetSha256, policy: next.version };
  await work.record('policy.signature-refused', {
    project: next.project,
    ...(base.person && { person: base.person }),
    details,
  });
  return { ...base, result: 'refused', says, reason: against.code };
}

// The words of core speak of statements.
function sayPolicyReason(reason: Reason): string {
  if (reason.code !== 'wrong-bytes') return sayReason(reason);
  return 'This signature is genuine for the key but was made over other bytes. Download the policy again and sign that file unchanged.';
}

async function store(
  work: Change,
  next: LoadedPolicy,
  { packet, facts, way }: PolicyPacket,
  person: AccountName,
): Promise<void> {
  const { key, issuer, made } = facts;
  if (!key || !issuer || made === null) throw new Error('A signature that counts has key and time.');
  await work.tx.policySignature.create({
    data: {
      packetSha256: facts.packetSha256,
      policyId: next.id,
      packet: new Uint8Array(packet.bytes),
      personName: person,
      ...{ key, issuer, made: new Date(made), received: work.now, via: way },
    },
  });
  const details = { version: next.version, key, way, packet: facts.packetSha256 };
  await work.record('policy.signed', { project: next.project, person, details });
}
