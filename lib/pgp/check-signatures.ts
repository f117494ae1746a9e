// What each signature packet is, over given bytes and for given certificates: facts and defects, no judgement (that is judgeEntry in
// core). The caller hashes (lib/digest in a thread); the library then verifies the finished digest (performance.md, 1.4). Only
// the key that verifies is credited; issuer fields merely say which keys to try. Never throws for what a packet contains.
import { enums } from 'openpgp';
import type { DigestRequest, Digester, HashName } from '#lib/core/digest.ts';
import type { Sha256 } from '#lib/core/ids.ts';
import type { Defect } from '#lib/core/reason.ts';
import type { SignatureFacts } from '#lib/core/verdict.ts';
import { hashOf } from './algorithms.ts';
import type { BoundKey, Examined } from './certificate-facts.ts';
import { openCertificate } from './open-certificate.ts';
import { signatureBody, type SignaturePacket } from './read-signatures.ts';
import { hashSuffix, isDefect, mayBeBy, readSignature, type ReadSignature } from './signature-packet.ts';

export type CheckRequest = {
  packets: readonly SignaturePacket[];
  /** Stored (cleaned) certificates: all that may be credited. One that cannot be read is refused. */
  certificates: readonly Uint8Array[];
  /** Bound to the bytes that must be signed; called at most once, and not at all where no key at hand could fit. */
  digest: Digester;
};

/** Facts about each packet, in the order given. `defect` is set where the packet cannot count, whatever the policy says. */
export async function checkSignatures({ packets, certificates, digest }: CheckRequest): Promise<SignatureFacts[]> {
  const opened = await Promise.all(certificates.map(openCertificate));
  const prepared = packets.map((packet) => prepare(packet, opened));
  const wanted = prepared.filter((entry) => entry.request !== null);
  const requests = wanted.flatMap(({ request }) => request ?? []);
  const digests = requests.length === 0 ? [] : await digest(requests);
  const checked: SignatureFacts[] = [];
  for (const entry of prepared) {
    const hashed = digests[wanted.indexOf(entry)];
    checked.push(entry.request && hashed ? await verify(entry, hashed) : entry.facts);
  }
  return checked;
}

type Candidate = { key: BoundKey; certificate: Examined; signs: boolean };
type Prepared = {
  facts: SignatureFacts;
  read: ReadSignature | null;
  candidates: Candidate[];
  request: DigestRequest | null;
};

// Without any issuer field every key has to be tried; nobody's tool writes such signatures, so there is an end to it.
const candidatesMax = 8;

function prepare(packet: SignaturePacket, opened: readonly Examined[]): Prepared {
  const read = readSignature(signatureBody(packet));
  if (isDefect(read)) return { facts: noFacts(packet.sha256, read), read: null, candidates: [], request: null };
  const { made, expires } = read;
  const facts = { ...noFacts(packet.sha256, defectOf(read)), made, expires, hash: hashOf(read.hash).name };
  const candidates = facts.defect ? [] : findCandidates(read, opened);
  const [first] = candidates;
  if (!facts.defect && !first) facts.defect = { code: 'unknown-key', claimed: claimedKey(read) };
  const strong = candidates.filter(({ key }) => key.weakness === null);
  if (first && strong.length === 0) facts.defect = { code: 'weak-key', algorithm: first.key.weakness ?? '' };
  return { facts, read, candidates: strong, request: facts.defect ? null : requestFor(read) };
}

const noFacts = (packetSha256: Sha256, defect: Defect | null): SignatureFacts => ({
  ...{ packetSha256, key: null, issuer: null, made: null, expires: null, hash: '' },
  defect,
});

/** What is wrong with a packet by itself, whoever made it (threats.md, 3 to 5 and 11). */
function defectOf(read: ReadSignature): Defect | null {
  if (read.type === enums.signature.text) return { code: 'text-mode' };
  if (read.type !== enums.signature.binary) return { code: 'wrong-type', type: read.type };
  const { digest, name } = hashOf(read.hash);
  if (digest === null) return { code: 'weak-hash', hash: name };
  return read.unknownCritical ? { code: 'unknown-critical' } : null;
}

function requestFor(read: ReadSignature): DigestRequest | null {
  const algorithm: HashName | null = hashOf(read.hash).digest;
  return algorithm && { algorithm, salt: read.salt, suffix: hashSuffix(read) };
}

/** The longest of the names that it gives itself; hostile. */
const claimedKey = ({ claims }: ReadSignature): string =>
  [...claims].sort((one, other) => other.length - one.length)[0] ?? 'unknown';

/** Keys that the packet may be by: those it names (or all, where it names none), fitting ones first, primaries in a fixed order. */
function findCandidates(read: ReadSignature, opened: readonly Examined[]): Candidate[] {
  return opened
    .flatMap((certificate) =>
      certificate.keys.map((key) => {
        const signs = certificate.facts.signing.some(({ fingerprint }) => fingerprint === key.fingerprint);
        return { key, certificate, signs };
      }),
    )
    .filter(({ key }) => key.packet.version === read.version && mayBeBy(read, key.fingerprint))
    .filter(({ key }) => sameAlgorithm(key, read))
    .sort(byFitness)
    .slice(0, candidatesMax);
}

const sameAlgorithm = ({ packet }: BoundKey, read: ReadSignature): boolean =>
  packet.algorithm === (read.packet.publicKeyAlgorithm ?? -1);

function byFitness(one: Candidate, other: Candidate): number {
  if (one.signs !== other.signs) return one.signs ? -1 : 1;
  return one.certificate.facts.primary < other.certificate.facts.primary ? -1 : 1;
}

async function verify({ facts, read, candidates }: Prepared, hashed: Uint8Array): Promise<SignatureFacts> {
  if (!read) return facts;
  for (const { key, certificate } of candidates)
    if (await isMadeBy(read, key, hashed)) return { ...facts, key: certificate.facts.primary, issuer: key.fingerprint };
  const [first] = candidates;
  if (!first) return facts;
  return { ...facts, defect: { code: 'wrong-bytes', key: first.certificate.facts.primary, matches: null } };
}

async function isMadeBy(read: ReadSignature, key: BoundKey, hashed: Uint8Array): Promise<boolean> {
  const { packet, made } = read;
  try {
    packet.issuerKeyID = key.packet.getKeyID();
    // The way in for finished digests. A release of the library that ignored it would hash the empty data and so refuse.
    Object.assign(packet, { hashed });
    await packet.verify(key.packet, enums.signature.binary, new Uint8Array(0), new Date(made), true);
    return true;
  } catch {
    // Not made by this key over these bytes; which of the two, nobody can tell.
    return false;
  }
}
