// Everything that proves one release, fetched from the index tree: page, record, release list, policy chain, certificates, statement,
// signatures. It is only collected here; lib/evidence decides. Refuses what is not there, by name.
import { refuse } from '#lib/core/errors.ts';
import type { FileName, Fingerprint, ProjectName, Version } from '#lib/core/ids.ts';
import { readPolicy } from '#lib/core/policy.ts';
import { readReleaseList, type ReleaseList } from '#lib/core/release-list.ts';
import { readRecord, type ReleaseRecord } from '#lib/core/release.ts';
import type { Evidence, SignedBytes } from '#lib/evidence/bundle.ts';
import {
  certificatePath,
  indexKeyPath,
  pageJsonPath,
  policyPath,
  releasesPath,
  statementPath,
} from '#lib/evidence/index-tree.ts';
import { keysNamedIn } from '#lib/evidence/keyring.ts';
import { readPageJson, type ReadJsonPage } from '#lib/simple/parse.ts';
import { filePath, recordPath } from '#lib/simple/page.ts';
import type { IndexReader } from './fetch-index.ts';

export type FetchedRelease = {
  indexKey: Uint8Array;
  page: ReadJsonPage;
  list: { document: SignedBytes; list: ReleaseList };
  record: { document: SignedBytes; record: ReleaseRecord };
  evidence: Evidence;
};

// An evil index could otherwise keep the client fetching for ever.
const policiesMost = 1000;

/** Fetches it all. Refuses `verify.no-such-release` and `evidence.missing`. */
export async function fetchRelease(
  index: IndexReader,
  project: ProjectName,
  version: Version,
): Promise<FetchedRelease> {
  const pageBytes = await index.read(pageJsonPath(project));
  const listBytes = await index.read(releasesPath(project));
  if (!pageBytes || !listBytes) throw noRelease(index, project, version);
  const list = readReleaseList(listBytes);
  const listed = list.versions[version];
  if (!listed) throw noRelease(index, project, version);
  const recordAt = recordPath(project, version, listed.serial);
  const recordDocument = await readSigned(index, recordAt);
  const record = readRecord(recordDocument.bytes);
  return {
    indexKey: await readThere(index, indexKeyPath),
    page: readPageJson(pageBytes),
    list: { document: { bytes: listBytes, signature: await index.read(`${releasesPath(project)}.asc`) }, list },
    record: { document: recordDocument, record },
    evidence: await fetchProof(index, record, list),
  };
}

const noRelease = ({ base }: IndexReader, project: string, version: string) =>
  refuse('verify.no-such-release', { project, version, index: base });

async function fetchProof(index: IndexReader, record: ReleaseRecord, list: ReleaseList): Promise<Evidence> {
  const { project, version } = record;
  const newest = Math.max(list.policy, record.policy);
  if (newest > policiesMost) throw refuse('evidence.malformed', { why: `it claims ${newest} policies` });
  const policies: (SignedBytes & { version: number })[] = [];
  for (let number = 1; number <= newest; number += 1)
    policies.push({ ...(await readSigned(index, policyPath(project, number))), version: number });
  const certificates = new Map<Fingerprint, Uint8Array>();
  for (const key of keysNamedIn(policies.map((entry) => readPolicy(entry.bytes)))) {
    const certificate = await index.read(certificatePath(key));
    if (certificate) certificates.set(key, certificate);
  }
  const fileSignatures = new Map<FileName, Uint8Array>();
  for (const { name, sha256 } of record.files) {
    const signature = record.signatures.some(({ over }) => over === name)
      ? await index.read(`${filePath(sha256, name)}.asc`)
      : null;
    if (signature) fileSignatures.set(name, signature);
  }
  return {
    policies,
    certificates,
    statement: await readSigned(index, statementPath(project, version)),
    fileSignatures,
    declarations: [],
    declinedBy: [],
  };
}

async function readSigned(index: IndexReader, path: string): Promise<SignedBytes> {
  return { bytes: await readThere(index, path), signature: await index.read(`${path}.asc`) };
}

async function readThere(index: IndexReader, path: string): Promise<Uint8Array> {
  const bytes = await index.read(path);
  if (!bytes) throw refuse('evidence.missing', { what: path });
  return bytes;
}
