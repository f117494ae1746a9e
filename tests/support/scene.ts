// A whole hand-over in memory: people with real OpenPGP keys, policies, drafts with real archives, a web program that hands over whatever the
// test puts into it (honest or forged), and the real countersigner on a real folder. `round()` is one round of it.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type {
  AccountName,
  DraftId,
  FileName,
  Fingerprint,
  IndexName,
  ProjectName,
  Sha256,
  Version,
} from '#lib/core/ids.ts';
import { renderInstant } from '#lib/core/ids.ts';
import { renderDeclaration, type Declaration, type StatusDeclaration, type Yank } from '#lib/core/declaration.ts';
import { renderPolicy, type Policy, type PolicyPerson } from '#lib/core/policy.ts';
import { renderStatement, type Statement } from '#lib/core/statement.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { writeBundle, type SignedBytes } from '#lib/evidence/bundle.ts';
import { readHandback } from '#lib/evidence/handback.ts';
import { readIndexKey } from '#lib/evidence/index-signature.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { judgesHere, type Judges } from '../../countersigner/judges/judges.ts';
import { makeSetAside, type SetAside } from '../../countersigner/judges/set-aside.ts';
import { initKeys, openKeys, type IndexKeys } from '../../countersigner/keys.ts';
import { runRound } from '../../countersigner/round.ts';
import type { RoundReport } from '../../countersigner/round-parts.ts';
import { openStore } from '../../countersigner/store.ts';
import type { Finding, WebProgram } from '../../countersigner/web-program.ts';
import { makeTarGzip, makeZip, metadataText, sdistFiles, wheelFiles } from './archives.ts';
import { forgeCertificate, forgeKey, overKey, signaturePacket, sub, type ForgedKey } from './forge.ts';

export const noon = Date.parse('2026-11-22T12:00:00Z');
export const minute = 60_000;
export const index = 'sign.example.org' as IndexName;
export const demo = 'demo' as ProjectName;

export type Signer = { name: AccountName; forged: ForgedKey; key: Fingerprint; certificate: Buffer };

/** The same word gives the same key; it was made on 2026-01-01. */
export function signer(name: string, word = name): Signer {
  const forged = forgeKey(word);
  return {
    name: name as AccountName,
    forged,
    key: forged.fingerprint as Fingerprint,
    certificate: forgeCertificate(forged),
  };
}

export const [ada, bo, chi, eve] = [signer('ada'), signer('bo'), signer('chi'), signer('eve')];

/** A signature packet by this person over these bytes. */
export const sign = (by: Signer, bytes: Uint8Array, made: number = noon - minute): Buffer =>
  signaturePacket(by.forged, bytes, { made });

const inPolicy = ({ name, key }: Signer, role: PolicyPerson['role']): PolicyPerson => ({ name, role, keys: [key] });

/** 2 of ada (owner), bo and chi. */
export function firstPolicy(change: Partial<Policy> = {}): Policy {
  return {
    ...{ type: 'countersign/policy', format: 1, project: demo, version: 1, previous: null },
    ...{ threshold: 2, ownerThreshold: 1, openerCounts: true, waitHours: 0, fileSignatures: true },
    people: [inPolicy(ada, 'owner'), inPolicy(bo, 'maintainer'), inPolicy(chi, 'maintainer')],
    ...{ retired: [], struck: [], date: renderInstant(noon - 60 * minute) },
    ...change,
  };
}

export const policyBytes = (policy: Policy): Buffer => Buffer.from(renderPolicy(policy));

export const wheelName = 'demo-1.0-py3-none-any.whl' as FileName;
export const sdistName = 'demo-1.0.tar.gz' as FileName;
export const wheel = (content = 'x = 1\n', metadata = metadataText()): Buffer =>
  makeZip(wheelFiles({ files: { 'demo/__init__.py': content }, metadata }));
export const sdist = (): Buffer => makeTarGzip(sdistFiles());

export type SceneDraft = {
  statement: Buffer;
  project: ProjectName;
  version: Version;
  approved: boolean;
  /** Binary packets over the statement, and over files by name. */
  packets: Buffer[];
  filePackets: Map<FileName, Buffer[]>;
  /** What the web program says of declines. */
  declinedBy: AccountName[];
};

export type SignedDocument = { bytes: Buffer; packets: Buffer[] };

export type Scene = {
  folder: string;
  now: number;
  keys: IndexKeys;
  judges: Judges;
  setAside: SetAside;
  policies: Map<ProjectName, SignedDocument[]>;
  /** Declarations of owners that the web program hands over, in this order. */
  declarations: Map<ProjectName, SignedDocument[]>;
  certificates: Map<Fingerprint, Buffer>;
  drafts: Map<DraftId, SceneDraft>;
  files: Map<Sha256, Buffer>;
  /** What arrived at the web program. */
  posts: Uint8Array[];
  findings: Finding[];
  web: WebProgram;
  round(): Promise<RoundReport>;
  /** Paths and bytes of the index as posted so far. */
  tree(): Promise<Map<string, Uint8Array>>;
  /** Every file of the countersigner's folder but what it only fetched, to compare with later. */
  picture(): Record<string, string>;
  close(): void;
};

const concat = (packets: readonly Buffer[]): Buffer | null => (packets.length === 0 ? null : Buffer.concat(packets));

/** A new instance without a project. */
export async function openScene(): Promise<Scene> {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersigner-test-'));
  const store = openStore(folder);
  await initKeys(store, index, noon - 60 * minute);
  const scene: Scene = {
    ...{ folder, now: noon, keys: await openKeys(store, noon), posts: [], findings: [] },
    ...{ judges: judgesHere(), setAside: makeSetAside() },
    ...{ policies: new Map(), declarations: new Map(), drafts: new Map(), files: new Map() },
    certificates: new Map([ada, bo, chi, eve].map(({ key, certificate }) => [key, certificate])),
    web: { ...({} as WebProgram) },
    round: async () =>
      runRound({
        ...{ store: openStore(folder), keys: scene.keys, web: scene.web, now: () => scene.now },
        ...{ judges: scene.judges, setAside: scene.setAside },
      }),
    tree: () => readTree(scene),
    picture: () => readPicture(folder),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
  scene.web = webOver(scene);
  return scene;
}

function policiesOf(scene: Scene, project: ProjectName): (SignedBytes & { version: number })[] {
  const policies = scene.policies.get(project) ?? [];
  return policies.map(({ bytes, packets }, at) => ({ version: at + 1, bytes, signature: concat(packets) }));
}

function webOver(scene: Scene): WebProgram {
  const { certificates } = scene;
  const marked = () => sha256Hex(Buffer.concat([...certificates.values()]));
  return {
    queue: async () => ({
      index,
      sequence: scene.posts.length,
      handback: null,
      projects: [...scene.policies].map(([name, policies]) => ({
        ...{ name, policy: policies.length, mark: marked() },
        declarations: scene.declarations.get(name)?.length ?? 0,
      })),
      drafts: [...scene.drafts].map(([id, { project, version, approved }]) => ({
        id,
        project,
        version,
        approved,
        mark: '',
      })),
      mark: null,
    }),
    projectBundle: async (project) =>
      writeBundle({
        ...{ policies: policiesOf(scene, project), certificates, statement: null, fileSignatures: new Map() },
        declarations: (scene.declarations.get(project) ?? []).map(({ bytes, packets }) => ({
          bytes,
          signature: concat(packets),
        })),
        declinedBy: [],
      }),
    draftBundle: async (id) => {
      const draft = scene.drafts.get(id);
      if (!draft) throw new Error('no such draft');
      return writeBundle({
        ...{ policies: policiesOf(scene, draft.project), certificates },
        statement: { bytes: draft.statement, signature: concat(draft.packets) },
        fileSignatures: new Map([...draft.filePackets].map(([name, packets]) => [name, Buffer.concat(packets)])),
        ...{ declarations: [], declinedBy: draft.declinedBy },
      });
    },
    fetchFile: async (sha256, place) => {
      const { writeFileSync } = await import('node:fs');
      writeFileSync(place, scene.files.get(sha256) ?? Buffer.alloc(0));
    },
    postResults: async (handback) => void scene.posts.push(handback),
    postFindings: async (findings) => void scene.findings.push(...findings),
  };
}

async function readTree(scene: Scene): Promise<Map<string, Uint8Array>> {
  const key = await readIndexKey(scene.keys.armoredCertificate, scene.now);
  const tree = new Map<string, Uint8Array>();
  for (const post of scene.posts)
    for (const [place, bytes] of (await readHandback(post, key, hashing)).files) tree.set(place, bytes);
  return tree;
}

function readPicture(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('fetched'));
  return Object.fromEntries(files.map((file) => [path.relative(folder, file), sha256Hex(readFileSync(file))]));
}

/** Adds the project with a policy signed by these people. */
export function addPolicy(
  scene: Scene,
  policy: Policy = firstPolicy(),
  by: readonly Signer[] = [ada],
  made = noon - 30 * minute,
): void {
  const bytes = policyBytes(policy);
  const packets = by.map((one) => sign(one, bytes, made));
  scene.policies.set(policy.project, [...(scene.policies.get(policy.project) ?? []), { bytes, packets }]);
}

/** A declaration of demo, as the web program would hand it over from now on; yank 1.0 where nothing else is said. */
export function addDeclaration(
  scene: Scene,
  change: Partial<Yank> | Partial<StatusDeclaration> = {},
  by: readonly Signer[] = [ada],
): SignedDocument {
  const common = { format: 1, index, project: demo, number: 1, policy: 1, date: renderInstant(noon) } as const;
  const declaration = (
    change.type === 'countersign/status'
      ? { ...common, status: 'archived', reason: 'nobody works on it', ...change }
      : { ...common, type: 'countersign/yank', version: '1.0', action: 'yank', reason: 'breaks on 3.14', ...change }
  ) as Declaration;
  const bytes = Buffer.from(renderDeclaration(declaration));
  const document = { bytes, packets: by.map((one) => sign(one, bytes)) };
  scene.declarations.set(demo, [...(scene.declarations.get(demo) ?? []), document]);
  return document;
}

/** The policy that follows the newest one of the scene. */
export function nextPolicy(scene: Scene, change: Partial<Policy>): Policy {
  const chain = scene.policies.get(demo) ?? [];
  const last = chain.at(-1);
  if (!last) throw new Error('there is no policy yet');
  const before = JSON.parse(last.bytes.toString()) as Policy;
  return {
    ...before,
    version: before.version + 1,
    previous: sha256Hex(last.bytes),
    date: renderInstant(scene.now),
    ...change,
  };
}

export type DraftChange = {
  id?: string;
  statement?: Partial<Statement>;
  files?: Record<string, Buffer>;
  approved?: boolean;
};

/** Adds an approved draft of demo 1.0, signed by these people over its statement. */
export function addDraft(scene: Scene, by: readonly Signer[] = [ada, bo], change: DraftChange = {}): SceneDraft {
  const files = Object.entries(change.files ?? { [wheelName]: wheel(), [sdistName]: sdist() });
  for (const [, bytes] of files) scene.files.set(sha256Hex(bytes), bytes);
  const id = (change.id ?? '6f2c9d1e4b7a') as DraftId;
  const statement: Statement = {
    ...{ index, project: demo, version: '1.0' as Version, draft: id, revision: 1, openedBy: ada.name },
    files: files.map(([name, bytes]) => ({ name: name as FileName, sha256: sha256Hex(bytes) })),
    ...change.statement,
  };
  const bytes = Buffer.from(renderStatement(statement));
  const draft: SceneDraft = {
    ...{ statement: bytes, project: statement.project, version: statement.version, approved: change.approved ?? true },
    ...{ packets: by.map((one) => sign(one, bytes)), filePackets: new Map(), declinedBy: [] },
  };
  scene.drafts.set(id, draft);
  return draft;
}

/** Reasons of RFC 9580, 5.2.3.31. */
export const [compromised, retired] = [2, 3];

/** The web program hands over a certificate of `who` that was revoked half a minute ago. */
export function revoke(scene: Scene, who: Signer, reason = compromised): void {
  const more = [sub.reason(reason)];
  const packet = overKey(who.forged, who.forged, { type: 0x20, made: scene.now - minute / 2, more });
  scene.certificates.set(who.key, forgeCertificate(who.forged, { direct: [packet] }));
}

/** What has been signed so far: hand-backs, and the policies and releases that the countersigner's state holds. */
export async function signedSoFar(
  scene: Scene,
): Promise<{ posts: number; tree: string[]; files: Record<string, string> }> {
  const files = Object.entries(scene.picture()).filter(([place]) => place.startsWith('tree'));
  return { posts: scene.posts.length, tree: [...(await scene.tree()).keys()].sort(), files: Object.fromEntries(files) };
}

/** One round that must end with this finding about a draft, sign nothing and leave the copy of the tree as it was. */
export async function refusedRound(scene: Scene): Promise<string | null | undefined> {
  const before = await signedSoFar(scene);
  const report = await scene.round();
  const after = await signedSoFar(scene);
  if (JSON.stringify(after) !== JSON.stringify(before)) throw new Error('something was signed');
  if (report.published.length > 0) throw new Error('something was published');
  return report.findings[0]?.code;
}
