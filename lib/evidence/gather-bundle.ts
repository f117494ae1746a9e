// Puts the evidence bundle of a release together from the index tree, whoever reads it: the client over HTTP, the web program from its folder. The tree
// is hostile; what is gathered is as it stands there, byte for byte, and is decided upon by whoever gets the bundle. Only the log is
// looked at closely, since its proofs are computed here.
import { refuse } from '#lib/core/errors.ts';
import type { Fingerprint, ProjectName, Sha256, Version } from '#lib/core/ids.ts';
import { readPolicy, type Policy } from '#lib/core/policy.ts';
import type { ReleaseRecord } from '#lib/core/release.ts';
import { checkSignatures } from '#lib/pgp/check-signatures.ts';
import { mergedLimits, readSignatures } from '#lib/pgp/read-signatures.ts';
import { filePath } from '#lib/simple/page.ts';
import type { SignedBytes } from './bundle.ts';
import {
  fileSignaturesPlace,
  listPlace,
  placeOf,
  policyPlace,
  proofOf,
  readmePlace,
  recordPlace,
  statementPlace,
  statusPlace,
  yankPlace,
} from './bundle-places.ts';
import { renderReadme, type ReadmeFacts, type Signer } from './bundle-readme.ts';
import { checkLog, requireLogged, type LogChecking } from './check-log.ts';
import { collectRelease, collectUpTo, type CollectedRelease } from './collect-release.ts';
import type { Hashing } from './custody.ts';
import { gatherTuf } from './gather-tuf.ts';
import { readIndexKey } from './index-signature.ts';
import { certificatePath, indexKeyPath, statusPath, yankPath } from './index-tree.ts';
import { collectRotations, indexRotationPath, readIndexRotation } from './key-rotation.ts';
import { eventOf, logKeyPath } from './log-tree.ts';
import { renderLogProof } from './log-proof.ts';
import type { BundleEntries } from './release-bundle.ts';
import type { ReadPath } from './served-log.ts';
import { isTarget } from './tuf-tree.ts';

export type Gathering = { checking: LogChecking; now: number };

type Entries = Map<string, Uint8Array>;

/** The bundle's entries in their order; null: the index lists no such release. Refuses what collecting refuses, and `log.…`. */
export async function gatherBundle(
  read: ReadPath,
  { project, version }: { project: ProjectName; version: Version },
  gathering: Gathering,
): Promise<BundleEntries | null> {
  const collected = await collectRelease(read, project, version);
  if (!collected) return null;
  const declared = await collectDeclared(read, collected, gathering.checking.hashing);
  const documents = documentsOf(collected, declared);
  for (const path of [logKeyPath, `${logKeyPath}.asc`]) documents.set(path, await readThere(read, path));
  const proofs = await proofsOf(read, { collected, documents }, gathering);
  const { record } = collected.record;
  const tuf = await gatherTuf(read, targetsOf(documents, record), gathering.checking.hashing.sha256);
  for (const [path, bytes] of tuf) documents.set(path, bytes);
  const facts = { ...(await factsOf(collected, declared, gathering)), hasTuf: tuf.size > 0 };
  const entries: Entries = new Map([[readmePlace, new TextEncoder().encode(renderReadme(facts))]]);
  for (const [place, bytes] of documents) {
    entries.set(place, bytes);
    const proof = proofs.get(place);
    if (proof) entries.set(proofOf(place), proof);
  }
  return entries;
}

/** What TUF says of the release: every document here, and the files themselves. */
const targetsOf = (documents: Entries, record: ReleaseRecord): string[] => [
  ...[...documents.keys()].flatMap((place) => {
    const known = placeOf(place, record);
    return known?.is === 'tree' && isTarget(known.path) ? [known.path] : [];
  }),
  ...record.files.map(({ sha256, name }) => filePath(sha256, name)),
];

/** What owners declared, and how the index got its key. */
type Declared = { yank: SignedBytes[]; status: SignedBytes[]; keyChanges: SignedBytes[] };

async function collectDeclared(
  read: ReadPath,
  { list, record }: CollectedRelease,
  hashing: Hashing,
): Promise<Declared> {
  const { project, version, yanked } = record.record;
  const { status } = list.list;
  const upTo = (sha256: Sha256, what: string, at: (number: number) => string) =>
    collectUpTo(read, at, { sha256, what, hash: hashing.sha256 });
  return {
    yank: yanked ? await upTo(yanked.sha256, 'the declaration of the yank', (n) => yankPath(project, version, n)) : [],
    status: status ? await upTo(status.sha256, 'the declaration of the status', (n) => statusPath(project, n)) : [],
    keyChanges: await collectRotations(read),
  };
}

/** Everything but text and proofs, under its place. */
function documentsOf({ indexKey, list, record, evidence }: CollectedRelease, declared: Declared): Entries {
  const entries: Entries = new Map();
  const put = (place: string, { bytes, signature }: SignedBytes): void => {
    entries.set(place, bytes);
    if (signature) entries.set(`${place}.asc`, signature);
  };
  for (const policy of evidence.policies) put(policyPlace(policy.version), policy);
  for (const [key, certificate] of evidence.certificates) entries.set(certificatePath(key), certificate);
  entries.set(indexKeyPath, indexKey);
  for (const [at, document] of declared.keyChanges.entries()) put(indexRotationPath(at + 1), document);
  if (evidence.statement) put(statementPlace, evidence.statement);
  for (const [name, signatures] of evidence.fileSignatures) entries.set(fileSignaturesPlace(name), signatures);
  put(recordPlace(record.record.serial), record.document);
  put(listPlace, list.document);
  for (const [at, document] of declared.yank.entries()) put(yankPlace(at + 1), document);
  for (const [at, document] of declared.status.entries()) put(statusPlace(at + 1), document);
  return entries;
}

/** For each document that the log tells, the proof that it does. */
async function proofsOf(
  read: ReadPath,
  { collected, documents }: { collected: CollectedRelease; documents: Entries },
  { checking, now }: Gathering,
): Promise<Entries> {
  const { record } = collected.record;
  const indexKey = await readIndexKey(collected.indexKey, now);
  const log = await checkLog(read, { index: record.index, indexKey, seen: null }, checking);
  const logged = [...documents].flatMap(([place, bytes]) => {
    const known = placeOf(place, record);
    const isTold = known?.is === 'tree' && eventOf(known.path) !== null;
    return isTold ? [{ place, path: known.path, sha256: checking.hashing.sha256(bytes) }] : [];
  });
  const shown = await requireLogged(read, log, logged, checking.note);
  return new Map(
    logged.flatMap(({ place, path }) => {
      const inclusion = shown.get(path);
      if (!inclusion) return [];
      return [[place, new TextEncoder().encode(renderLogProof({ ...inclusion, checkpoint: log.bytes }))] as const];
    }),
  );
}

async function factsOf(
  { indexKey, record, evidence }: CollectedRelease,
  declared: Declared,
  { checking, now }: Gathering,
): Promise<Omit<ReadmeFacts, 'hasTuf'>> {
  const policies = evidence.policies.map((entry) => readPolicy(entry.bytes));
  const nameOf = namesIn(policies);
  const signersOf = async (document: SignedBytes): Promise<Signer[]> =>
    (await keysOver(document, evidence.certificates.values(), checking.hashing)).flatMap((key) => {
      const name = nameOf.get(key);
      return name === undefined ? [] : [{ name, key }];
    });
  const last = async (documents: readonly SignedBytes[]) => {
    const document = documents.at(-1);
    return document ? { number: documents.length, signers: await signersOf(document) } : null;
  };
  const chain: ReadmeFacts['policies'][number][] = [];
  for (const [at, { version, previous }] of policies.entries()) {
    const document = evidence.policies[at];
    chain.push({ version, previous, signers: document ? await signersOf(document) : [] });
  }
  return {
    record: record.record,
    threshold: policies.find((policy) => policy.version === record.record.policy)?.threshold ?? 0,
    policies: chain,
    ...{ yank: await last(declared.yank), status: await last(declared.status) },
    keyChanges: declared.keyChanges.map(({ bytes }, at) => ({ ...readIndexRotation(bytes), number: at + 1 })),
    indexKey: (await readIndexKey(indexKey, now)).facts.primary,
  };
}

/** Whose key it is or was: a key never moves to another name. */
const namesIn = (policies: readonly Policy[]): Map<Fingerprint, string> =>
  new Map(
    policies.flatMap(({ people }) => people.flatMap(({ name, keys }) => keys.map((key) => [key, name] as const))),
  );

/** The keys of genuine signatures over a document, each once. */
async function keysOver(
  { bytes, signature }: SignedBytes,
  certificates: Iterable<Uint8Array>,
  hashing: Hashing,
): Promise<Fingerprint[]> {
  const facts = await checkSignatures({
    packets: signature ? await readSignatures(signature, mergedLimits) : [],
    certificates: [...certificates],
    digest: (requests) => hashing.digest(bytes, requests),
  });
  return [...new Set(facts.flatMap(({ key, defect }) => (key === null || defect !== null ? [] : [key])))];
}

async function readThere(read: ReadPath, path: string): Promise<Uint8Array> {
  const bytes = await read(path);
  if (!bytes) throw refuse('evidence.missing', { what: path });
  return bytes;
}
