// A quarantined release that people sign again. What its record names is taken from our own copy; only packets that are not in it come from
// the web program. They must be over our own copy of the statement, and count for people of the policy in force. Met again, the release
// is published by its next record. That the web program calls it published says nothing here.

import type { ReleaseRecord } from '#lib/core/release.ts';
import { evaluate, type HandedSignature, type SignatureFacts } from '#lib/core/verdict.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { Evidence } from '#lib/evidence/bundle.ts';
import { statementPath } from '#lib/evidence/index-tree.ts';
import { keysNamedIn, onlyNamed, readKeyring } from '#lib/evidence/keyring.ts';
import { checkSignatures } from '#lib/pgp/check-signatures.ts';
import { mergedLimits, readSignatures, type SignaturePacket } from '#lib/pgp/read-signatures.ts';
import { readAccepted } from './accept-policies.ts';
import { mergeKnown, readCertificates, renderCertificates } from './certificates.ts';
import { commitHandback } from './hand-back.ts';
import { caseOfRecord, readOwnStatement } from './judge-releases.ts';
import { renderProjectState, type ProjectState, type PublishedRelease } from './project-state.ts';
import { requireInstance, type RoundParts } from './round-parts.ts';
import { keepPresent, startSightings } from './sightings.ts';
import { toBeJudged } from './take-certificates.ts';
import type { QueuedDraft } from './web-program.ts';
import { countedSignatures, putSignatures, writeCertificates } from './write-index.ts';
import type { Writing } from './write-list.ts';
import { readStanding, writeNextSerials } from './write-record.ts';

export type SigningAgain = { draft: QueuedDraft; release: PublishedRelease; state: ProjectState; evidence: Evidence };

/** Looks at the packets that came since; answers whether the release is published again. Refuses what cannot be read as signatures. */
export async function signAgain(parts: RoundParts, given: SigningAgain, writing: Writing): Promise<boolean> {
  const { store } = parts;
  const { draft, release, evidence } = given;
  const record = readStanding(writing, given.state, release);
  const statement = readOwnStatement(writing, record);
  const accepted = readAccepted(writing.readTree, given.state);
  const policies = accepted.map((entry) => entry.policy);
  const known = readCertificates(store, keysNamedIn(policies));
  const certificates = await mergeKnown(known, onlyNamed(evidence.certificates, policies), writing.now);
  const keyring = await readKeyring(certificates, writing.now);
  // 1. What came since, when we first saw it.
  const state = toBeJudged(store, structuredClone(given.state), certificates);
  const { custodyOf, present } = startSightings(state, draft.id, writing.now);
  const handed = await readAgain(writing, record, { evidence, certificates: [...keyring.certificates.values()] });
  const again = handed.map(({ facts }): HandedSignature => ({
    facts,
    subject: { over: 'statement', revision: statement.revision },
    ...custodyOf(facts, record.statementSha256),
  }));
  keepPresent(state, draft.id, { present, subjects: new Set([record.statementSha256]), now: writing.now }).mark =
    draft.mark;
  // 2. The verdict: what the record names, and what came since.
  const verdict = evaluate(caseOfRecord(record, statement, { accepted, keyring, now: writing.now }, again));
  const isNew = verdict.findings.some(({ counts, facts }) => counts && again.some((entry) => entry.facts === facts));
  if (!verdict.met || !isNew) {
    store.commit(new Map([renderProjectState(state), ...renderCertificates(store, certificates)]));
    return false;
  }
  // 3. The next record, and the signatures that it counts.
  const signatures = countedSignatures({ verdict, statement });
  const change = { state: 'published', reason: null, signatures } as const;
  const written = await writeNextSerials(writing, state, new Map([[record.version, change]]));
  const own = await readOwnPackets(writing, record);
  const packets = new Map(
    [...own, ...handed.map(({ packet }) => packet)].map((packet) => [packet.sha256, packet] as const),
  );
  putSignatures(written.paths, { signatures, packets }, 'statement', statementPath(record.project, record.version));
  for (const [path, bytes] of writeCertificates(certificates, policies)) written.paths.set(path, bytes);
  await commitHandback(store, writing, {
    ...{ instance: requireInstance(store), paths: written.paths },
    ...{ project: written.state, certificates },
  });
  return true;
}

type Again = { packet: SignaturePacket; facts: SignatureFacts };

/** Packets over the statement that the record does not name, with what they are over our own copy of it. */
async function readAgain(
  writing: Writing,
  record: ReleaseRecord,
  given: { evidence: Evidence; certificates: readonly Uint8Array[] },
): Promise<Again[]> {
  const bytes = writing.readTree(statementPath(record.project, record.version));
  const signature = given.evidence.statement?.signature;
  if (!bytes || !signature) return [];
  const recorded = new Set(record.signatures.map((entry) => entry.sha256));
  const packets = (await readSignatures(signature, mergedLimits)).filter((packet) => !recorded.has(packet.sha256));
  const facts = await checkSignatures({
    ...{ packets, certificates: given.certificates },
    digest: (requests) => hashing.digest(bytes, requests),
  });
  return packets.flatMap((packet, at) => (facts[at] ? [{ packet, facts: facts[at] }] : []));
}

async function readOwnPackets({ readTree }: Writing, { project, version }: ReleaseRecord): Promise<SignaturePacket[]> {
  const own = readTree(`${statementPath(project, version)}.asc`);
  return own ? readSignatures(own, mergedLimits) : [];
}
