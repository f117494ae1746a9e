// A draft's rows as the Case that core judges, and its Verdict. The one path: commands gate on it, queries show it, the
// hand-over announces it. Rows hold only signatures that counted when they entered (enter-packets.ts); what they count for
// now is decided here anew. The countersigner believes none of it and judges the raw packets itself.
import type { AccountName, FileName, Fingerprint, ProjectName, Sha256, Version, DraftId } from '#lib/core/ids.ts';
import {
  readAccountName,
  readDraftId,
  readFileName,
  readFingerprint,
  readProjectName,
  readSha256,
  readVersion,
} from '#lib/core/ids.ts';
import type { Refusal } from '#lib/core/errors.ts';
import { hindranceOf, type DraftState, type ProjectStatus } from '#lib/core/release.ts';
import type { Policy, PolicyPerson } from '#lib/core/policy.ts';
import { evaluate, type Case, type HandedSignature, type Released, type Verdict } from '#lib/core/verdict.ts';
import type {
  Decline as DeclineRow,
  Draft as DraftRow,
  DraftFile as FileRow,
  Signature as SignatureRow,
} from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadKeyRing, type KeyRing } from './key-ring.ts';
import { loadPolicies, type LoadedPolicies, type LoadedPolicy } from './load-policy.ts';

export type DraftFacts = {
  id: DraftId;
  project: ProjectName;
  version: Version;
  versionKey: string;
  state: DraftState;
  revision: number;
  openedBy: AccountName;
  openedAt: Date;
  deadline: Date;
  approvedAt: Date | null;
  publishedAt: Date | null;
  row: DraftRow;
};

export type CaseFile = { name: FileName; sha256: Sha256; row: FileRow };

export type LoadedCase = {
  draft: DraftFacts;
  policy: LoadedPolicy;
  /** Whose new signature may count: the people of the policy that judges a draft; of the one in force where a release is signed again. */
  signers: readonly PolicyPerson[];
  /** Of the current revision, by name. */
  files: CaseFile[];
  /** Every row, those taken back too, oldest first. */
  signatures: SignatureRow[];
  ring: KeyRing;
  judged: Case;
  verdict: Verdict;
  /** Declines that stand, oldest first. */
  declines: DeclineRow[];
  /** What holds it back though the verdict may be met; null: nothing. */
  hindrance: Refusal | null;
};

/** A draft's row in checked types. */
export function draftFacts(row: DraftRow): DraftFacts {
  const { versionKey, revision, openedAt, deadline, approvedAt, publishedAt } = row;
  return {
    ...{ versionKey, revision, openedAt, deadline, approvedAt, publishedAt, row },
    id: readDraftId(row.id),
    project: readProjectName(row.projectName),
    version: readVersion(row.version),
    state: row.state as DraftState,
    openedBy: readAccountName(row.openedBy),
  };
}

/** What the newest record of a release says of its signatures; null for what was never countersigned. */
function releasedOf({ recordSerial }: DraftRow, signatures: readonly SignatureRow[], newest: Policy): Released | null {
  if (recordSerial === null) return null;
  const named = signatures.filter((row) => row.recordSerial === recordSerial);
  return { inForce: newest, recorded: new Set(named.map((row) => readSha256(row.packetSha256))) };
}

/** A stored signature as it was handed in; only packets that were first seen in this draft have a row. */
function handedOf(row: SignatureRow): HandedSignature {
  return {
    facts: {
      packetSha256: readSha256(row.packetSha256),
      key: readFingerprint(row.key),
      issuer: readFingerprint(row.issuer),
      made: row.made.getTime(),
      ...{ expires: null, hash: '', defect: null },
    },
    subject:
      row.subject === 'statement'
        ? { over: 'statement', revision: row.revision }
        : { over: 'file', sha256: readSha256(row.fileSha256) },
    received: row.received.getTime(),
    takenBack: row.takenBackAt !== null,
    firstSeenHere: true,
  };
}

/** What the rows of some drafts' surroundings say, loaded for all of them at once. */
type Surroundings = {
  files: FileRow[];
  signatures: SignatureRow[];
  declines: DeclineRow[];
  policies: LoadedPolicies;
  statuses: Map<string, ProjectStatus>;
  ring: KeyRing;
};

/** Loads and judges one draft at `now`. `moreKeys`: certificates that are wanted in the ring besides those of the case. */
export async function loadCase(
  tx: Transaction,
  row: DraftRow,
  now: Date,
  moreKeys: readonly Fingerprint[] = [],
): Promise<LoadedCase> {
  const [loaded] = await loadCases(tx, [row], now, moreKeys);
  if (!loaded) throw new Error('One draft was judged to none.');
  return loaded;
}

/** The same for many drafts, in their order, with as many queries as for one. They share one ring of keys. */
export async function loadCases(
  tx: Transaction,
  rows: readonly DraftRow[],
  now: Date,
  moreKeys: readonly Fingerprint[] = [],
): Promise<LoadedCase[]> {
  if (rows.length === 0) return [];
  const around = await loadSurroundings(tx, rows, moreKeys);
  return rows.map((row) => judge(draftFacts(row), around, now));
}

async function loadSurroundings(
  tx: Transaction,
  rows: readonly DraftRow[],
  moreKeys: readonly Fingerprint[],
): Promise<Surroundings> {
  const of = { draftId: { in: rows.map((row) => row.id) } };
  const names = [...new Set(rows.map((row) => row.projectName))];
  const policies = await loadPolicies(
    tx,
    rows.map((row) => ({ project: readProjectName(row.projectName), version: row.recordPolicy })),
  );
  const files = await tx.draftFile.findMany({ where: { ...of, until: null }, orderBy: { name: 'asc' } });
  const signatures = await tx.signature.findMany({ where: of, orderBy: [{ received: 'asc' }, { id: 'asc' }] });
  const declines = await tx.decline.findMany({
    where: { ...of, liftedAt: null },
    orderBy: [{ declinedAt: 'asc' }, { id: 'asc' }],
  });
  const projects = await tx.project.findMany({ where: { name: { in: names } }, select: { name: true, status: true } });
  const keys = signatures.map((row) => readFingerprint(row.key));
  const ring = await loadKeyRing(tx, [...policies.keys, ...keys, ...moreKeys]);
  const statuses = new Map(projects.map(({ name, status }) => [name, status as ProjectStatus]));
  return { files, signatures, declines, policies, statuses, ring };
}

function judge(draft: DraftFacts, around: Surroundings, now: Date): LoadedCase {
  const { row, project } = draft;
  const mine = (entry: { draftId: string }): boolean => entry.draftId === draft.id;
  const newest = around.policies.inForce(project);
  const policy = row.recordPolicy === null ? newest : around.policies.version(project, row.recordPolicy);
  const signatures = around.signatures.filter(mine);
  const files = around.files
    .filter(mine)
    .map((file) => ({ name: readFileName(file.name), sha256: readSha256(file.sha256), row: file }));
  const judged: Case = {
    policy: policy.policy,
    strikes: newest.policy.struck,
    released: releasedOf(row, signatures, newest.policy),
    openedBy: draft.openedBy,
    openedAt: draft.openedAt.getTime(),
    revision: draft.revision,
    files: files.map(({ name, sha256 }) => ({ name, sha256 })),
    signatures: signatures.map(handedOf),
    keys: around.ring.facts,
    now: now.getTime(),
  };
  const declines = around.declines.filter(mine);
  const hindrance = hindranceOf({
    ...{ project, version: draft.version, status: around.statuses.get(project) ?? 'active' },
    declinedBy: declines.map((entry) => readAccountName(entry.personName)),
  });
  const { ring } = around;
  const signers = (judged.released?.inForce ?? policy.policy).people;
  return { draft, policy, signers, files, signatures, ring, judged, verdict: evaluate(judged), declines, hindrance };
}

/** The same case with these rows as its signatures, oldest first: those that a change stores and has not read back. Their keys stand in its ring. */
export function withSignatures(loaded: LoadedCase, signatures: readonly SignatureRow[]): LoadedCase {
  const inOrder = [...signatures].sort(
    (one, other) => one.received.getTime() - other.received.getTime() || (one.id < other.id ? -1 : 1),
  );
  const judged = { ...loaded.judged, signatures: inOrder.map(handedOf) };
  return { ...loaded, signatures: inOrder, judged, verdict: evaluate(judged) };
}
