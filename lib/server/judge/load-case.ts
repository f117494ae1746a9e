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
import type { Policy } from '#lib/core/policy.ts';
import { evaluate, type Case, type HandedSignature, type Released, type Verdict } from '#lib/core/verdict.ts';
import type {
  Decline as DeclineRow,
  Draft as DraftRow,
  DraftFile as FileRow,
  Signature as SignatureRow,
} from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadKeyRing, type KeyRing } from './key-ring.ts';
import { loadPolicyVersion, requirePolicyInForce, type LoadedPolicy } from './load-policy.ts';

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

/** The policy that judges (rules.md, The verdict): the one in force, or for what is published the one that its record names. */
async function judgingPolicy(
  tx: Transaction,
  { project, row }: DraftFacts,
): Promise<{ policy: LoadedPolicy; newest: LoadedPolicy }> {
  const newest = await requirePolicyInForce(tx, project);
  const { recordPolicy } = row;
  if (recordPolicy === null || recordPolicy === newest.version) return { policy: newest, newest };
  return { policy: await loadPolicyVersion(tx, project, recordPolicy), newest };
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

/** Loads and judges one draft at `now`. `moreKeys`: certificates that are wanted in the ring besides those of the case. */
export async function loadCase(
  tx: Transaction,
  row: DraftRow,
  now: Date,
  moreKeys: readonly Fingerprint[] = [],
): Promise<LoadedCase> {
  const draft = draftFacts(row);
  const { policy, newest } = await judgingPolicy(tx, draft);
  const fileRows = await tx.draftFile.findMany({ where: { draftId: draft.id, until: null }, orderBy: { name: 'asc' } });
  const signatures = await tx.signature.findMany({
    where: { draftId: draft.id },
    orderBy: [{ received: 'asc' }, { id: 'asc' }],
  });
  const named = [policy.policy, newest.policy].flatMap(({ people }) => people.flatMap((person) => person.keys));
  const ring = await loadKeyRing(tx, [...named, ...signatures.map((entry) => readFingerprint(entry.key)), ...moreKeys]);
  const files = fileRows.map((file) => ({ name: readFileName(file.name), sha256: readSha256(file.sha256), row: file }));
  const judged: Case = {
    policy: policy.policy,
    strikes: newest.policy.struck,
    released: releasedOf(row, signatures, newest.policy),
    openedBy: draft.openedBy,
    openedAt: draft.openedAt.getTime(),
    revision: draft.revision,
    files: files.map(({ name, sha256 }) => ({ name, sha256 })),
    signatures: signatures.map(handedOf),
    keys: ring.facts,
    now: now.getTime(),
  };
  const held = await loadHindrance(tx, draft);
  return { draft, policy, files, signatures, ring, judged, verdict: evaluate(judged), ...held };
}

async function loadHindrance(
  tx: Transaction,
  { id, project, version }: DraftFacts,
): Promise<Pick<LoadedCase, 'declines' | 'hindrance'>> {
  const where = { draftId: id, liftedAt: null };
  const declines = await tx.decline.findMany({ where, orderBy: [{ declinedAt: 'asc' }, { id: 'asc' }] });
  const { status } = await tx.project.findUniqueOrThrow({ where: { name: project }, select: { status: true } });
  const declinedBy = declines.map((row) => readAccountName(row.personName));
  return { declines, hindrance: hindranceOf({ project, version, status: status as ProjectStatus, declinedBy }) };
}
