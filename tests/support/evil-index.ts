// An index that is evil through and through: whoever runs it has the keys of the countersigner too, and signs what the rules forbid. Log and TUF metadata
// fit what it says, because they are written by the real code; what a client has left to hold against it are the people's signatures and what it saw before.
import { rmSync } from 'node:fs';
import { renderInstant, type DraftId, type FileName, type Sha256, type Version } from '#lib/core/ids.ts';
import type { Policy } from '#lib/core/policy.ts';
import { readReleaseList, renderReleaseList, type ReleaseList } from '#lib/core/release-list.ts';
import type { ReleaseRecord } from '#lib/core/release.ts';
import { renderStatement, type Statement } from '#lib/core/statement.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { certificatePath, indexKeyPath, policyPath, releasesPath, statementPath } from '#lib/evidence/index-tree.ts';
import { logKeyPath } from '#lib/evidence/log-tree.ts';
import { armorSignatures } from '#lib/pgp/merge-signatures.ts';
import { armorCertificate } from '#lib/pgp/read-certificate.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { filePath } from '#lib/simple/page.ts';
import { copyFolder } from './copy-folder.ts';
import { commitHandback, postHandbacks } from '../../countersigner/hand-back.ts';
import { treePlace } from '../../countersigner/instance-state.ts';
import { openKeys } from '../../countersigner/keys.ts';
import { readProjectState, type ProjectState } from '../../countersigner/project-state.ts';
import { requireInstance } from '../../countersigner/round-parts.ts';
import { openStore } from '../../countersigner/store.ts';
import { putSigned, writeReleaseList, type Paths, type Writing } from '../../countersigner/write-list.ts';
import { putRecord, writeListAndPages, writeNextSerials, type SerialChange } from '../../countersigner/write-record.ts';
import {
  ada,
  bo,
  chi,
  demo,
  eve,
  index,
  minute,
  noon,
  openScene,
  policyBytes,
  sign,
  type Scene,
  type SignedDocument,
  type Signer,
} from './scene.ts';

/** A second copy of an instance as it stands, with the same keys: the two can tell two stories. */
export async function copyOf(scene: Scene): Promise<Scene> {
  const copy = await openScene();
  rmSync(copy.folder, { recursive: true });
  copyFolder(scene.folder, copy.folder);
  copy.keys = await openKeys(openStore(copy.folder), scene.now);
  copy.now = scene.now;
  copy.posts.push(...scene.posts);
  for (const key of ['policies', 'declarations', 'drafts', 'files'] as const)
    for (const [name, entry] of scene[key]) copy[key].set(name as never, entry as never);
  return copy;
}

const writingOf = (scene: Scene): Writing => {
  const store = openStore(scene.folder);
  return { index, keys: scene.keys, readTree: (path) => store.read(treePlace(path)), now: scene.now };
};

/** Publishes any bytes under any paths, told by the log and by TUF like everything else. */
export async function publishPaths(scene: Scene, paths: Paths, project?: ProjectState): Promise<void> {
  const store = openStore(scene.folder);
  const instance = requireInstance(store);
  await commitHandback(store, writingOf(scene), { instance, paths, ...(project && { project }) });
  await postHandbacks(store, scene.web);
}

/** The release list with anything changed. */
export async function publishList(scene: Scene, change: (list: ReleaseList) => Partial<ReleaseList>): Promise<void> {
  const list = readReleaseList(openStore(scene.folder).read(treePlace(releasesPath(demo))) ?? new Uint8Array());
  await publishSigned(scene, releasesPath(demo), renderReleaseList({ ...list, ...change(list) }));
}

/** Publishes a text with the signature of the index key. */
async function publishSigned(scene: Scene, path: string, text: string): Promise<void> {
  const paths: Paths = new Map();
  await putSigned(writingOf(scene), paths, path, text);
  await publishPaths(scene, paths);
}

/** The next record of demo 1.0 with anything changed, whoever declared it or not; list and pages follow. `status`: of the project. */
export async function publishChanged(
  scene: Scene,
  change: SerialChange,
  status?: ProjectState['status'],
  paths: Paths = new Map(),
): Promise<void> {
  const [store, writing] = [openStore(scene.folder), writingOf(scene)];
  const state = readProjectState(store, demo);
  const stating = status === undefined ? state : { ...state, status };
  const written = await writeNextSerials(writing, stating, new Map([['1.0' as Version, change]]));
  await publishPaths(scene, new Map([...written.paths, ...paths]), written.state);
}

/** A declaration under the number that the index gives it, with whatever signature there is. */
export const declarationAt = (path: string, { bytes, packets }: SignedDocument, by: Signer): Paths => {
  const signatures = packets.map((packet) => ({ bytes: packet, key: by.key }));
  return new Map([
    [path, bytes],
    [`${path}.asc`, Buffer.from(armorSignatures(signatures))],
  ]);
};

/** Everything that the index signs of demo 1.0, signed by another key, which is served as its key. */
export async function publishByOtherKey(scene: Scene, keys: Scene['keys']): Promise<void> {
  const { readTree } = writingOf(scene);
  const paths: Paths = new Map([[indexKeyPath, keys.armoredCertificate]]);
  for (const path of [releasesPath(demo), `evidence/${demo}/releases/1.0/1.json`, logKeyPath]) {
    const text = Buffer.from(readTree(path) ?? []).toString();
    await putSigned({ ...writingOf(scene), keys }, paths, path, text);
  }
  await publishPaths(scene, paths);
}

export type ForgedRelease = {
  version: string;
  files: Record<string, Buffer>;
  /** Who signed the statement; `received`: when the record says that it came. */
  by: readonly { signer: Signer; made?: number; received?: number }[];
  /** Who signed all files by themselves; or other bytes in their place. */
  overFiles?: readonly Signer[];
  signedInstead?: Buffer;
  statement?: Partial<Statement>;
  record?: Partial<ReleaseRecord>;
};

/** A release that no countersigner looked at: files, statement, signatures, record, list, pages. */
export async function publishForged(scene: Scene, given: ForgedRelease): Promise<void> {
  const store = openStore(scene.folder);
  const writing = writingOf(scene);
  const state = readProjectState(store, demo);
  const version = given.version as Version;
  const files = Object.entries(given.files).map(([name, bytes]) => {
    scene.files.set(sha256Hex(bytes), bytes);
    return { name: name as FileName, size: bytes.length, sha256: sha256Hex(bytes), bytes };
  });
  const sums = files.map(({ name, sha256 }) => ({ name, sha256 })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const draft = 'eeeeeeeeeeee' as DraftId;
  const statement = Buffer.from(
    renderStatement({
      ...{ index, project: demo, version, draft, revision: 1, openedBy: ada.name, files: sums },
      ...given.statement,
    }),
  );
  const paths: Paths = new Map();
  const signatures: ReleaseRecord['signatures'][number][] = [];
  const put = async (path: string, over: string, bytes: Buffer, by: ForgedRelease['by']): Promise<void> => {
    const packets = by.map(({ signer, made }) => ({ bytes: sign(signer, bytes, made), key: signer.key }));
    if (packets.length > 0) paths.set(`${path}.asc`, Buffer.from(armorSignatures(packets)));
    for (const [at, { signer, made = noon - minute, received = noon }] of by.entries()) {
      const [packet] = await readSignatures(packets[at]?.bytes ?? new Uint8Array());
      signatures.push({
        ...{ person: signer.name, key: signer.key, issuer: signer.key, over: over as never },
        ...{ made: renderInstant(made), received: renderInstant(received), sha256: packet?.sha256 as Sha256 },
      });
    }
  };
  paths.set(statementPath(demo, version), statement);
  await put(statementPath(demo, version), 'statement', statement, given.by);
  const alone = (given.overFiles ?? []).map((signer) => ({ signer }));
  for (const { name, sha256, bytes } of files)
    await put(filePath(sha256, name), name, given.signedInstead ?? bytes, alone);
  const policy = given.record?.policy ?? state.policies.length;
  const record: ReleaseRecord = {
    ...{ type: 'countersign/release', format: 1, index, project: demo, version, serial: 1, state: 'published' },
    ...{ reason: null, yanked: null, policy, policySha256: state.policies[policy - 1] as Sha256 },
    statementSha256: sha256Hex(statement),
    files: files.map(({ name, size, sha256 }) => ({
      ...{ name, size, sha256, blake2b256: '0'.repeat(64) as never, metadataSha256: null, requiresPython: null },
    })),
    signatures,
    date: renderInstant(scene.now),
    ...given.record,
  };
  const next = await putRecord(writing, { state, paths }, record, draft);
  const written = await writeListAndPages(writing, { state: next, paths });
  await publishPaths(scene, written.paths, written.state);
}

/** A policy that whoever is named signed, whatever the rules ask for; the release list says that it is in force. */
export async function publishPolicy(scene: Scene, policy: Policy, by: readonly Signer[], made?: number): Promise<void> {
  const store = openStore(scene.folder);
  const writing = writingOf(scene);
  const state = readProjectState(store, demo);
  const bytes = policyBytes(policy);
  const path = policyPath(demo, policy.version);
  const packets = by.map((signer) => ({ bytes: sign(signer, bytes, made), key: signer.key }));
  const paths: Paths = new Map<string, Uint8Array>([[path, bytes]]);
  if (packets.length > 0) paths.set(`${path}.asc`, Buffer.from(armorSignatures(packets)));
  for (const signer of [ada, bo, chi, eve])
    paths.set(certificatePath(signer.key), Buffer.from(armorCertificate(signer.certificate)));
  const policies = [...state.policies.slice(0, policy.version - 1), sha256Hex(bytes)];
  const written = await writeReleaseList(writing, { ...state, policies }, paths);
  await publishPaths(scene, written.paths, written.state);
}
