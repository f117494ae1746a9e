// One project as the index has published it, decided by core from the signed documents, as a client decides: the chain of policies, each release with its records, what owners declared. The documents
// are hostile until then. Refuses what does not hold; nothing is written here.
import { refuse } from '#lib/core/errors.ts';
import type { Declaration } from '#lib/core/declaration.ts';
import {
  instantMs,
  readFingerprint,
  readVersion,
  type AccountName,
  type Fingerprint,
  type Sha256,
  type Version,
} from '#lib/core/ids.ts';
import { readDeclaration } from '#lib/core/declaration.ts';
import { personOfKey, type Policy } from '#lib/core/policy.ts';
import { readReleaseList, type ReleaseList } from '#lib/core/release-list.ts';
import { readRecord, type ReleaseRecord } from '#lib/core/release.ts';
import type { Statement } from '#lib/core/statement.ts';
import type { SignatureFacts } from '#lib/core/verdict.ts';
import { digestFile } from '#lib/digest/digest-file.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { SignedBytes } from '#lib/evidence/bundle.ts';
import { checkPolicies, type FollowingPolicy } from '#lib/evidence/check-policies.ts';
import { custodyFromRecord, requireRecordFits } from '#lib/evidence/check-record.ts';
import { checkRelease, requireMet, type ReleaseCheck } from '#lib/evidence/check-release.ts';
import { collectPeople, collectRelease, numbered } from '#lib/evidence/collect-release.ts';
import { requireIndexSignature } from '#lib/evidence/index-signature.ts';
import { releasesPath, statusPath, yankPath } from '#lib/evidence/index-tree.ts';
import { readKeyring, type Keyring } from '#lib/evidence/keyring.ts';
import { checkSignatures } from '#lib/pgp/check-signatures.ts';
import { mergedLimits, readSignatures, type SignaturePacket } from '#lib/pgp/read-signatures.ts';
import { recordPath } from '#lib/simple/page.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { Published } from './read-published.ts';

/** A signature that its key made over the document, and whose it is by a policy. */
export type SignedBy = { facts: SignatureFacts; packet: SignaturePacket; key: Fingerprint; person: AccountName };

export type PublishedPolicy = FollowingPolicy & { signatures: SignedBy[] };
export type PublishedRelease = {
  version: Version;
  /** Serial 1 first. */
  records: [ReleaseRecord, ...ReleaseRecord[]];
  statement: Statement;
  statementBytes: Uint8Array;
  packets: ReleaseCheck['packets'];
};
export type PublishedDeclaration = { declaration: Declaration; bytes: Uint8Array; sha256: Sha256; by: SignedBy };

export type PublishedProject = {
  list: ReleaseList;
  policies: [PublishedPolicy, ...PublishedPolicy[]];
  keyring: Keyring;
  releases: PublishedRelease[];
  declarations: PublishedDeclaration[];
};

/** The release list and the newest records, signed by the index: which files there must be. */
export async function recordsOf(
  { read, indexKey }: Published,
  project: ReleaseList['project'],
): Promise<{ list: ReleaseList; releases: [Version, PublishedRelease['records']][] }> {
  const signed = async (path: string): Promise<Uint8Array> => {
    const bytes = await read(path);
    if (!bytes) throw refuse('catch-up.incomplete', { path });
    await requireIndexSignature({ what: path, bytes, signature: await read(`${path}.asc`) }, indexKey, hashing);
    return bytes;
  };
  const list = readReleaseList(await signed(releasesPath(project)));
  const releases: [Version, PublishedRelease['records']][] = [];
  for (const [claimed, { serial, sha256 }] of Object.entries(list.versions)) {
    const version = readVersion(claimed);
    const first = readRecord(await signed(recordPath(project, version, 1)));
    const records: PublishedRelease['records'] = [first];
    for (let at = 2; at <= serial; at += 1) records.push(readRecord(await signed(recordPath(project, version, at))));
    const newest = await read(recordPath(project, version, serial));
    if (newest === null || hashing.sha256(newest) !== sha256)
      throw refuse('catch-up.incomplete', { path: recordPath(project, version, serial) });
    releases.push([version, records]);
  }
  return { list, releases };
}

/** Decides all of it. The files of every release must be in the store. Refuses what checkPolicies and checkRelease refuse, `catch-up.incomplete`, `declaration.not-signed`. */
export async function readProject(
  published: Published,
  { project, policies: count }: Published['projects'][number],
  now: number,
): Promise<PublishedProject> {
  const { list, releases } = await recordsOf(published, project);
  if (list.policy !== count) throw refuse('catch-up.incomplete', { path: releasesPath(project) });
  const people = await collectPeople(published.read, project, count);
  const keyring = await readKeyring(people.certificates, now);
  const chain = await checkPolicies({
    ...{ project, known: [], policies: people.policies, keyring, now, hashing },
    // As a client does: nobody else says when policy signatures came, and the log tells that the index took a new chain.
    custodyOf: (facts) => ({ received: facts.made ?? now, firstSeenHere: true, takenBack: false }),
    mayBeginAnew: () => true,
  });
  const decided = { published, chain, keyring, now };
  const [first, ...more] = await policiesWithSigners(decided);
  if (!first) throw refuse('evidence.missing', { what: 'a policy of the project' });
  const found: PublishedRelease[] = [];
  for (const release of releases) found.push(await readRelease(decided, release));
  return {
    list,
    policies: [first, ...more],
    keyring,
    releases: found,
    declarations: await readDeclarations(decided, list),
  };
}

type Deciding = { published: Published; chain: readonly FollowingPolicy[]; keyring: Keyring; now: number };

async function policiesWithSigners({ chain, keyring }: Deciding): Promise<PublishedPolicy[]> {
  const found: PublishedPolicy[] = [];
  for (const [at, policy] of chain.entries()) {
    const before = chain[at - 1];
    const document = { bytes: policy.bytes, signature: Buffer.from(policy.asc) };
    const signatures = await signersOf(document, keyring, [policy.policy, ...(before ? [before.policy] : [])]);
    found.push({ ...policy, signatures });
  }
  return found;
}

/** Which signatures over a document verify, and whose they are by one of these policies. */
async function signersOf(
  { bytes, signature }: SignedBytes,
  keyring: Keyring,
  policies: readonly Policy[],
): Promise<SignedBy[]> {
  const packets = signature ? await readSignatures(signature, mergedLimits) : [];
  const certificates = [...keyring.certificates.values()];
  const facts = await checkSignatures({ packets, certificates, digest: (requests) => hashing.digest(bytes, requests) });
  return facts.flatMap((fact, at): SignedBy[] => {
    const packet = packets[at];
    const person =
      fact.key && policies.map((policy) => personOfKey(policy, readFingerprint(fact.key))).find((one) => one);
    return packet && fact.key && person && fact.defect === null
      ? [{ facts: fact, packet, key: fact.key, person: person.name }]
      : [];
  });
}

async function readRelease(
  { published, chain, keyring, now }: Deciding,
  [version, records]: [Version, PublishedRelease['records']],
): Promise<PublishedRelease> {
  const record = records.at(-1) ?? records[0];
  const [policy, newest] = [chain.find((one) => one.policy.version === record.policy), chain.at(-1)];
  const collected = await collectRelease(published.read, record.project, version);
  if (!policy || !newest || !collected) throw refuse('evidence.missing', { what: `policy ${record.policy}` });
  const check = await checkRelease({
    expected: { index: published.index, project: record.project, version, draft: null },
    ...{ policy: policy.policy, newest: newest.policy, evidence: collected.evidence, keyring },
    recorded: record.serial === 1 ? null : new Set(record.signatures.map((signature) => signature.sha256)),
    custodyOf: custodyFromRecord(record),
    digestFile: (file) => async (requests) =>
      (await digestFile(await runtime().files.local(file.sha256), { plain: [], tails: requests })).tails,
    openedAt: Number.NEGATIVE_INFINITY,
    ...{ now, hashing },
  });
  // Signatures of a quarantined one count no more; that it is quarantined, the index has signed.
  if (record.state === 'published') {
    requireMet(check);
    requireRecordFits(record, check, policy);
  }
  if (check.statementSha256 !== record.statementSha256)
    throw refuse('evidence.record-differs', { what: 'it names another statement' });
  const { statement, statementBytes, packets } = check;
  return { version, records, statement, statementBytes, packets };
}

async function readDeclarations(
  { published, chain, keyring }: Deciding,
  list: ReleaseList,
): Promise<PublishedDeclaration[]> {
  const { project } = list;
  const places = [
    (number: number) => statusPath(project, number),
    ...Object.keys(list.versions).map((version) => (number: number) => yankPath(project, readVersion(version), number)),
  ];
  const found: PublishedDeclaration[] = [];
  for (const at of places)
    for await (const document of numbered(published.read, at)) {
      const declaration = readDeclaration(document.bytes);
      const policy = chain.find((one) => one.policy.version === declaration.policy);
      const [by] = policy ? await signersOf(document, keyring, [policy.policy]) : [];
      if (!by) throw refuse('declaration.not-signed', { why: `nobody of policy ${declaration.policy} signed it` });
      found.push({ declaration, bytes: document.bytes, sha256: hashing.sha256(document.bytes), by });
    }
  return found;
}

/** When the index made a record. */
export const recordedAt = ({ date }: ReleaseRecord): Date => new Date(instantMs(date));
