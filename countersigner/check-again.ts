// A quarantined release that people sign again, judged: what its record names is our own, only packets that are not in it come from the bundle. They
// must be over our own copy of the statement, and count for people of the policy in force. Pure, with plain data in and out
// (judges/turns.ts); first sightings are remembered in the state that it answers.
import type { DraftId, Sha256 } from '#lib/core/ids.ts';
import type { RecordSignature, ReleaseRecord } from '#lib/core/release.ts';
import { readStatement } from '#lib/core/statement.ts';
import { evaluate, type HandedSignature, type SignatureFacts } from '#lib/core/verdict.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readBundle } from '#lib/evidence/bundle.ts';
import type { AcceptedPolicy } from '#lib/evidence/check-policies.ts';
import { onlyNamed, readKeyring } from '#lib/evidence/keyring.ts';
import { checkSignatures } from '#lib/pgp/check-signatures.ts';
import { mergedLimits, readSignatures, type SignaturePacket } from '#lib/pgp/read-signatures.ts';
import { mergeKnown, type Certificates } from './certificates.ts';
import { caseOfRecord } from './judge-releases.ts';
import type { ProjectState } from './project-state.ts';
import { keepPresent, startSightings } from './sightings.ts';
import { countedSignatures } from './write-index.ts';

export type AgainInput = {
  draft: { id: DraftId; mark: string };
  record: ReleaseRecord;
  /** Our own copies: the statement, and the signatures beside it. */
  statement: Uint8Array;
  own: Uint8Array | null;
  bundle: Uint8Array;
  state: ProjectState;
  accepted: readonly AcceptedPolicy[];
  certificates: Certificates;
  now: number;
};

export type Again = {
  /** To be kept whatever the outcome. */
  state: ProjectState;
  certificates: Certificates;
  /** null: it stays as it is. */
  released: { signatures: RecordSignature[]; packets: ReadonlyMap<Sha256, SignaturePacket> } | null;
};

/** Refuses what cannot be read as signatures. */
export async function checkAgain(input: AgainInput): Promise<Again> {
  const { draft, record, accepted, now } = input;
  const statement = readStatement(input.statement);
  const policies = accepted.map((entry) => entry.policy);
  const evidence = await readBundle(input.bundle);
  const certificates = await mergeKnown(input.certificates, onlyNamed(evidence.certificates, policies), now);
  const keyring = await readKeyring(certificates, now);
  // 1. What came since, when we first saw it.
  const state = structuredClone(input.state);
  const { custodyOf, present } = startSightings(state, draft.id, now);
  const handed = await readAgain(input, evidence.statement?.signature ?? null, [...keyring.certificates.values()]);
  const again = handed.map(({ facts }): HandedSignature => ({
    facts,
    subject: { over: 'statement', revision: statement.revision },
    ...custodyOf(facts, record.statementSha256),
  }));
  keepPresent(state, draft.id, { present, subjects: new Set([record.statementSha256]), now }).mark = draft.mark;
  // 2. The verdict: what the record names, and what came since.
  const verdict = evaluate(caseOfRecord(record, statement, { accepted, keyring, now }, again));
  const isNew = verdict.findings.some(({ counts, facts }) => counts && again.some((entry) => entry.facts === facts));
  if (!verdict.met || !isNew) return { state, certificates, released: null };
  const own = input.own ? await readSignatures(input.own, mergedLimits) : [];
  const packets = new Map([...own, ...handed.map(({ packet }) => packet)].map((packet) => [packet.sha256, packet]));
  return { state, certificates, released: { signatures: countedSignatures({ verdict, statement }), packets } };
}

type Handed = { packet: SignaturePacket; facts: SignatureFacts };

/** Packets over our own copy of the statement that the record does not name. */
async function readAgain(
  { record, statement }: AgainInput,
  signature: Uint8Array | null,
  certificates: readonly Uint8Array[],
): Promise<Handed[]> {
  if (!signature) return [];
  const recorded = new Set(record.signatures.map((entry) => entry.sha256));
  const packets = (await readSignatures(signature, mergedLimits)).filter((packet) => !recorded.has(packet.sha256));
  const facts = await checkSignatures({
    ...{ packets, certificates },
    digest: (requests) => hashing.digest(statement, requests),
  });
  return packets.flatMap((packet, at) => (facts[at] ? [{ packet, facts: facts[at] }] : []));
}
