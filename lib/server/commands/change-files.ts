// Adds, replaces and removes files of a draft: the next revision, with a new statement. Signatures over earlier statements stay,
// but count no more; signatures over the bytes of kept files stay valid. Whoever had signed is told what changed.
import { refuse } from '#lib/core/errors.ts';
import type { AccountName } from '#lib/core/ids.ts';
import { personOf, requireMay, type Actor } from '#lib/core/people.ts';
import { stepFrom } from '#lib/core/release.ts';
import { requireDistinctFiles } from '#lib/python/distinct-files.ts';
import { change, keepingRefusals, requireHit, viaOf, type Change } from '#lib/server/change.ts';
import { inspectUpload, type InspectedFile, type Upload } from '#lib/server/files/inspect-upload.ts';
import type { CheckedPacket } from '#lib/server/judge/check-packets.ts';
import {
  requireActive,
  requireFewEnough,
  requireNamesFree,
  requireOneRelease,
} from '#lib/server/judge/draft-checks.ts';
import { askAgain } from '#lib/server/judge/ask-signers.ts';
import { loadAskedRevision } from '#lib/server/judge/asked-revision.ts';
import { enterPackets } from '#lib/server/judge/enter-packets.ts';
import { planFiles, type FilePlan } from '#lib/server/judge/plan-files.ts';
import { findDraft, lockDraft } from '#lib/server/judge/find-draft.ts';
import { loadCase, type CaseFile, type LoadedCase } from '#lib/server/judge/load-case.ts';
import { checkPacketsOfFiles } from '#lib/server/judge/packets-with-files.ts';
import { settleDraft } from '#lib/server/judge/settle-draft.ts';
import { storeFiles } from '#lib/server/judge/store-files.ts';
import { othersThan, tellPeople } from '#lib/server/judge/tell-people.ts';
import { waysToSign } from '#lib/server/judge/ways-to-sign.ts';
import { writeRevision, type WrittenStatement } from '#lib/server/judge/write-revision.ts';
import { draftRevisedLetter } from '#lib/server/mail/letters/draft-revised.ts';
import { runtime } from '#lib/server/runtime.ts';
import { requireRoomInDraft } from '#lib/server/uploads/room.ts';
import type { OpenedDraft } from './open-draft.ts';

export type ChangeFilesInput = {
  draft: string;
  /** A file of a name that the draft has replaces it. */
  uploads: Upload[];
  /** Names of files to leave out. */
  remove: string[];
  signatures: Uint8Array[];
  /** The revision that was looked at; another one is refused `draft.moved-on`. */
  expectedRevision?: number;
};

/** @throws `person.…`, `token.…`, `draft.…`, `distribution.…`, `file.…`, `signature.…` */
export async function changeFiles(actor: Actor, input: ChangeFilesInput): Promise<OpenedDraft> {
  const { db, clock } = runtime();
  const { row, name, role } = await findDraft(db, actor, 'draft.change-files', input.draft);
  const { draft, policy, files } = await loadCase(db, row, clock.now());
  if (input.signatures.length > 0) requireMay(actor, role, 'signature.add-with-files', draft.project);
  stepFrom(draft.state, 'change-files');
  return keepingRefusals(
    actor,
    viaOf(actor),
    { kind: 'file.refused', project: draft.project, draft: draft.id, person: name },
    async () => {
      const fresh: InspectedFile[] = [];
      for (const upload of input.uploads) fresh.push(await inspectUpload(draft.project, upload));
      requireOneRelease(draft, fresh);
      const wanted = [...fresh, ...files].map((file) => file.sha256);
      const packets = await checkPacketsOfFiles(db, { policy, name, files: wanted }, input.signatures);
      return change(actor, viaOf(actor), (work) => enterNewFiles(work, input, fresh, packets));
    },
  );
}

/** Inside a change: the next revision. Refuses as `changeFiles`; locks the draft. */
export async function enterNewFiles(
  work: Change,
  input: Pick<ChangeFilesInput, 'draft' | 'remove' | 'expectedRevision'>,
  fresh: InspectedFile[],
  packets: CheckedPacket[],
): Promise<OpenedDraft> {
  const { tx, now } = work;
  const { row } = await lockDraft(tx, work.actor, 'draft.change-files', input.draft);
  const before = await loadCase(tx, row, now);
  const { draft } = before;
  stepFrom(draft.state, 'change-files');
  if ((input.expectedRevision ?? draft.revision) !== draft.revision)
    throw refuse('draft.moved-on', { revision: draft.revision });
  await requireActive(tx, draft.project);
  const plan = planFiles(before.files, fresh, input.remove);
  const kept = before.files.filter((file) => !plan.gone.includes(file));
  requireFewEnough(kept.length + plan.added.length);
  requireDistinctFiles([...kept, ...plan.added]);
  await requireNamesFree(tx, plan.added);
  await requireRoomInDraft(tx, draft.project, sizesOf(before, plan));
  const revision = draft.revision + 1;
  const written = await tx.draft.updateMany({
    where: { id: draft.id, state: draft.state, revision: draft.revision },
    data: { revision },
  });
  requireHit(written, () => refuse('draft.moved-on', { revision }));
  const gone = plan.gone.map((file) => file.row.id);
  await tx.draftFile.updateMany({ where: { id: { in: gone } }, data: { until: draft.revision, nameSlot: null } });
  await storeFiles(work, draft.id, revision, plan.added);
  await recordPlan(work, before, plan, revision);
  const statement = await writeRevision(work, { ...draft, revision });
  const after = await loadCase(tx, await tx.draft.findUniqueOrThrow({ where: { id: draft.id } }), now);
  const outcomes = await enterPackets(work, after, packets, 'with-files');
  const settled = await settleDraft(work, draft.id);
  const told = await tellSigners(work, before, settled, { plan, statement });
  await askAgain(work, settled, statement, told);
  return { draft: draft.id, project: draft.project, version: draft.version, revision, outcomes };
}

function sizesOf({ files }: LoadedCase, { added, gone }: FilePlan) {
  const sized = (some: readonly CaseFile[]) => some.map(({ sha256, row }) => ({ sha256, size: Number(row.size) }));
  return { added, kept: sized(files.filter((file) => !gone.includes(file))), gone: sized(gone) };
}

async function recordPlan(work: Change, { draft }: LoadedCase, plan: FilePlan, revision: number): Promise<void> {
  for (const { kind, name } of plan.changes)
    await work.record(`file.${kind}`, { project: draft.project, draft: draft.id, details: { name, revision } });
}

/** Everybody whose standing signature counted for the revision before and does not cover all of this one; answers who that is. */
async function tellSigners(
  work: Change,
  before: LoadedCase,
  after: LoadedCase,
  what: { plan: FilePlan; statement: WrittenStatement },
): Promise<AccountName[]> {
  const { draft, verdict } = after;
  const signers = before.verdict.findings.flatMap(({ counts, person }): AccountName[] =>
    counts && person ? [person] : [],
  );
  const unsigned = othersThan(work, signers).filter((name) => !verdict.counted.includes(name));
  if (unsigned.length === 0) return unsigned;
  const about = {
    ...(await loadAskedRevision(work.tx, after, what.statement)),
    changedBy: personOf(work.actor) ?? draft.openedBy,
    changes: what.plan.changes.map(({ kind, name }) => `${kind} ${name}`),
  };
  await tellPeople(work, unsigned, async (name) =>
    draftRevisedLetter({ ...about, ways: await waysToSign(work, after, name) }),
  );
  return unsigned;
}
