// Everything that proves one release, from the index tree: index certificate, release list, record, policy chain, certificates, statement,
// signatures. It is only collected here, by whoever reads the tree (client over HTTP, web program from its folder, an evidence bundle); what it
// proves is decided elsewhere in this room. The tree is hostile: how much is read of it is bounded. Refuses what is not there, by name.
import { refuse } from '#lib/core/errors.ts';
import type { FileName, Fingerprint, ProjectName, Sha256, Version } from '#lib/core/ids.ts';
import { readPolicy } from '#lib/core/policy.ts';
import { readReleaseList, type ReleaseList } from '#lib/core/release-list.ts';
import { readRecord, type ReleaseRecord } from '#lib/core/release.ts';
import { filePath, recordPath } from '#lib/simple/page.ts';
import type { Evidence, SignedBytes } from './bundle.ts';
import { certificatePath, indexKeyPath, policyPath, releasesPath, statementPath } from './index-tree.ts';
import { keysNamedIn } from './keyring.ts';
import type { ReadPath } from './served-log.ts';

export type CollectedRelease = {
  indexKey: Uint8Array;
  list: { document: SignedBytes; list: ReleaseList };
  record: { document: SignedBytes; record: ReleaseRecord };
  evidence: Evidence;
};

// An evil index could otherwise keep its reader fetching for ever.
const policiesMost = 1000;
const numbersMost = 1000;

/** Collects it all; null: the index lists no such release. Refuses `evidence.missing`, `evidence.malformed`, and documents that cannot be read. */
export async function collectRelease(
  read: ReadPath,
  project: ProjectName,
  version: Version,
): Promise<CollectedRelease | null> {
  const listBytes = await read(releasesPath(project));
  if (!listBytes) return null;
  const list = readReleaseList(listBytes);
  const listed = list.versions[version];
  if (!listed) return null;
  const document = await readSigned(read, recordPath(project, version, listed.serial));
  const record = readRecord(document.bytes);
  return {
    indexKey: await readThere(read, indexKeyPath),
    list: { document: { bytes: listBytes, signature: await read(`${releasesPath(project)}.asc`) }, list },
    record: { document, record },
    evidence: await collectProof(read, record, list),
  };
}

async function collectProof(read: ReadPath, record: ReleaseRecord, list: ReleaseList): Promise<Evidence> {
  const { project, version } = record;
  const people = await collectPeople(read, project, Math.max(list.policy, record.policy));
  const fileSignatures = new Map<FileName, Uint8Array>();
  for (const { name, sha256 } of record.files) {
    const isSigned = record.signatures.some(({ over }) => over === name);
    const signature = isSigned ? await read(`${filePath(sha256, name)}.asc`) : null;
    if (signature) fileSignatures.set(name, signature);
  }
  return {
    ...people,
    ...{ fileSignatures, declarations: [], declinedBy: [] },
    statement: await readSigned(read, statementPath(project, version)),
  };
}

/** Policies 1 to `newest` of a project, and the certificates of everybody whom they name. Refuses `evidence.missing`, `evidence.malformed`. */
export async function collectPeople(
  read: ReadPath,
  project: ProjectName,
  newest: number,
): Promise<Pick<Evidence, 'policies' | 'certificates'>> {
  if (newest > policiesMost) throw refuse('evidence.malformed', { why: `it claims ${newest} policies` });
  const policies: (SignedBytes & { version: number })[] = [];
  for (let number = 1; number <= newest; number += 1)
    policies.push({ ...(await readSigned(read, policyPath(project, number))), version: number });
  const certificates = new Map<Fingerprint, Uint8Array>();
  for (const key of keysNamedIn(policies.map((entry) => readPolicy(entry.bytes)))) {
    const certificate = await read(certificatePath(key));
    if (certificate) certificates.set(key, certificate);
  }
  return { policies, certificates };
}

/** The documents 1, 2, 3 … of a place with the signatures beside them, as far as they are there. */
export async function* numbered(read: ReadPath, at: (number: number) => string): AsyncGenerator<SignedBytes> {
  for (let number = 1; number <= numbersMost; number += 1) {
    const bytes = await read(at(number));
    if (!bytes) return;
    yield { bytes, signature: await read(`${at(number)}.asc`) };
  }
}

/** The documents 1, 2, 3 … of a place, up to the one with this digest. Refuses (`evidence.missing`) where none has it. */
export async function collectUpTo(
  read: ReadPath,
  at: (number: number) => string,
  wanted: { sha256: Sha256; what: string; hash: (bytes: Uint8Array) => Sha256 },
): Promise<SignedBytes[]> {
  const found: SignedBytes[] = [];
  for await (const document of numbered(read, at)) {
    found.push(document);
    if (wanted.hash(document.bytes) === wanted.sha256) return found;
  }
  throw refuse('evidence.missing', { what: wanted.what });
}

async function readSigned(read: ReadPath, path: string): Promise<SignedBytes> {
  return { bytes: await readThere(read, path), signature: await read(`${path}.asc`) };
}

async function readThere(read: ReadPath, path: string): Promise<Uint8Array> {
  const bytes = await read(path);
  if (!bytes) throw refuse('evidence.missing', { what: path });
  return bytes;
}
