// The documents that the countersigner makes (docs/formats/record.md, index-tree.md), from its own findings and its own copy of the tree; it
// signs nothing that it did not build here (threats.md, 98). Everything is returned as paths and bytes; hand-back.ts commits and posts them.
import { renderInstant, type FileName, type ProjectName } from '#lib/core/ids.ts';
import type { RecordSignature, ReleaseRecord } from '#lib/core/release.ts';
import type { FollowingPolicy } from '#lib/evidence/check-policies.ts';
import type { ReleaseCheck } from '#lib/evidence/check-release.ts';
import { keysNamedIn } from '#lib/evidence/keyring.ts';
import {
  certificatePath,
  indexKeyPath,
  listHtmlPath,
  listJsonPath,
  policyPath,
  statementPath,
} from '#lib/evidence/index-tree.ts';
import { armorSignatures } from '#lib/pgp/merge-signatures.ts';
import { filePath } from '#lib/simple/page.ts';
import { renderListHtml } from '#lib/simple/render-html.ts';
import { renderListJson } from '#lib/simple/render-json.ts';
import { armored, type Certificates } from './certificates.ts';
import type { ProjectState } from './project-state.ts';
import type { ReadyRelease } from './re-check.ts';
import { writeReleaseList, type Paths, type Writing, type Written } from './write-list.ts';
import { putRecord, writeListAndPages } from './write-record.ts';

/** The first hand-back: an index without a project, and the certificate that signs it. */
export function writeEmptyIndex(writing: Writing): Paths {
  return new Map([[indexKeyPath, writing.keys.key.certificate], ...writeList([])]);
}

/** Policies that came into force, with the certificates that they name and a release list that says so. */
export async function writePolicies(
  writing: Writing,
  state: ProjectState,
  given: { following: readonly FollowingPolicy[]; certificates: Certificates },
): Promise<Written> {
  const paths: Paths = writeCertificates(
    given.certificates,
    given.following.map((entry) => entry.policy),
  );
  for (const { policy, bytes, asc } of given.following) {
    const path = policyPath(state.project, policy.version);
    paths.set(path, bytes).set(`${path}.asc`, Buffer.from(asc));
  }
  const policies = [...state.policies, ...given.following.map((entry) => entry.sha256)];
  return writeReleaseList(writing, { ...state, policies }, paths);
}

/** A release: its record and evidence, what stands beside its files, the pages. `listed`: projects that had a release before. */
export async function writeRelease(
  writing: Writing,
  state: ProjectState,
  given: { ready: ReadyRelease; certificates: Certificates; listed: readonly ProjectName[] },
): Promise<Written> {
  const { ready, certificates, listed } = given;
  const { statement } = ready.check;
  const { project, version } = statement;
  const paths: Paths = writeCertificates(certificates, [ready.policy.policy]);
  // 1. Beside the files: metadata (PEP 658) and signatures over them (PEP 503).
  for (const { name, sha256, metadata } of ready.files)
    if (metadata) paths.set(`${filePath(sha256, name)}.metadata`, metadata);
  const counted = { signatures: countedSignatures(ready.check), packets: ready.check.packets };
  for (const { name, sha256 } of ready.files) putSignatures(paths, counted, name, filePath(sha256, name));
  // 2. The statement, byte for byte as it was signed, and the record.
  paths.set(statementPath(project, version), ready.check.statementBytes);
  putSignatures(paths, counted, 'statement', statementPath(project, version));
  const record = makeRecord(writing, ready);
  const fileNames = { ...state.fileNames };
  for (const { name, sha256 } of record.files) fileNames[name] = sha256;
  const next = await putRecord(writing, { state: { ...state, fileNames }, paths }, record, statement.draft);
  // 3. What the project has now, and the pages that say so.
  const written = await writeListAndPages(writing, { state: next, paths });
  if (!listed.includes(project)) for (const [path, page] of writeList([...listed, project])) paths.set(path, page);
  return written;
}

function makeRecord({ index, now }: Writing, { check, policy, files }: ReadyRelease): ReleaseRecord {
  const { statement, statementSha256 } = check;
  return {
    ...{ type: 'countersign/release', format: 1, index, project: statement.project, version: statement.version },
    ...{ serial: 1, state: 'published', reason: null, yanked: null },
    ...{ policy: policy.policy.version, policySha256: policy.sha256, statementSha256 },
    files: files.map(({ metadata: _, ...file }) => file),
    signatures: countedSignatures(check),
    date: renderInstant(now),
  };
}

/** What a verdict counts, by person, then by what they signed: the same findings give the same record. */
export function countedSignatures({
  verdict,
  statement,
}: Pick<ReadyRelease['check'], 'verdict' | 'statement'>): RecordSignature[] {
  const counted = verdict.findings.flatMap(({ facts, person, counts, subject, received }) => {
    const { key, issuer, made, packetSha256 } = facts;
    if (!counts || person === null || key === null || issuer === null || made === null) return [];
    const file = statement.files.find((entry) => subject.over === 'file' && entry.sha256 === subject.sha256);
    const over = subject.over === 'statement' ? 'statement' : (file?.name ?? '');
    return [
      { person, key, issuer, over, made: renderInstant(made), received: renderInstant(received), sha256: packetSha256 },
    ];
  });
  const order = ({ person, over, sha256 }: RecordSignature): string => `${person} ${over} ${sha256}`;
  return counted.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

type Counted = { signatures: readonly RecordSignature[]; packets: ReleaseCheck['packets'] };

/** NAME.asc: all counted packets over it in one block; nothing where there are none. */
export function putSignatures(
  paths: Paths,
  { signatures, packets }: Counted,
  over: FileName | 'statement',
  path: string,
): void {
  const counted = signatures
    .filter((signature) => signature.over === over)
    .flatMap(({ sha256, key }) => {
      const packet = packets.get(sha256);
      return packet ? [{ bytes: packet.bytes, key }] : [];
    });
  if (counted.length > 0) paths.set(`${path}.asc`, Buffer.from(armorSignatures(counted)));
}

/** The certificates that these policies name, as they stand in the tree. */
export function writeCertificates(certificates: Certificates, policies: readonly FollowingPolicy['policy'][]): Paths {
  const named = keysNamedIn(policies);
  return new Map(
    [...certificates].filter(([key]) => named.has(key)).map(([key, bytes]) => [certificatePath(key), armored(bytes)]),
  );
}

function writeList(projects: readonly ProjectName[]): [string, Uint8Array][] {
  const sorted = [...projects].sort();
  return [
    [listHtmlPath, Buffer.from(renderListHtml(sorted))],
    [listJsonPath, Buffer.from(renderListJson(sorted))],
  ];
}
