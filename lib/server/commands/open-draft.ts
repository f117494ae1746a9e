// Opens a draft of a release from files that are in the store already, builds the first statement and asks the other people to
// sign. Files are inspected before the change; names, version and slot are decided inside it, by constraints.
import { randomBytes } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import { readDraftId, type AccountName, type DraftId, type ProjectName, type Version } from '#lib/core/ids.ts';
import { requireMay, type Actor } from '#lib/core/people.ts';
import { requireDistinctFiles } from '#lib/python/distinct-files.ts';
import { after } from '#lib/server/clock.ts';
import { change, keepingRefusals, viaOf, type Change } from '#lib/server/change.ts';
import { orTaken } from '#lib/server/db/faults.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { inspectUpload, type InspectedFile, type Upload } from '#lib/server/files/inspect-upload.ts';
import type { CheckedPacket } from '#lib/server/judge/check-packets.ts';
import {
  requireActive,
  requireNamesFree,
  requireOneRelease,
  type DraftRelease,
} from '#lib/server/judge/draft-checks.ts';
import { askSigners } from '#lib/server/judge/ask-signers.ts';
import { enterPackets } from '#lib/server/judge/enter-packets.ts';
import { loadCase } from '#lib/server/judge/load-case.ts';
import { requirePolicyInForce } from '#lib/server/judge/load-policy.ts';
import type { PacketOutcome } from '#lib/server/judge/packet-outcome.ts';
import { checkPacketsOfFiles } from '#lib/server/judge/packets-with-files.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { loadReminderRules } from '#lib/server/judge/reminder-rules.ts';
import { settleDraft } from '#lib/server/judge/settle-draft.ts';
import { storeFiles } from '#lib/server/judge/store-files.ts';
import { writeRevision } from '#lib/server/judge/write-revision.ts';
import { runtime } from '#lib/server/runtime.ts';
import { requireRoomInDraft } from '#lib/server/uploads/room.ts';

export type OpenDraftInput = {
  project: string;
  uploads: Upload[];
  /** Detached signatures that came along, one upload each. */
  signatures: Uint8Array[];
};

export type OpenedDraft = {
  draft: DraftId;
  project: ProjectName;
  version: Version;
  revision: number;
  outcomes: PacketOutcome[];
};

/**
 * @throws `person.…`, `token.…`, `project.…` (`not-active`: it takes no files), `draft.no-files`, `distribution.…`, `draft.other-…`, `draft.already-open`,
 * `release.already-published`, `file.name-taken`, `signature.…`
 */
export async function openDraft(actor: Actor, input: OpenDraftInput): Promise<OpenedDraft> {
  const { db } = runtime();
  const { project, name, role } = await requireRight(db, actor, 'draft.open', input.project);
  if (input.signatures.length > 0) requireMay(actor, role, 'signature.add-with-files', project.name);
  const policy = await requirePolicyInForce(db, project.name);
  return keepingRefusals(
    actor,
    viaOf(actor),
    { kind: 'file.refused', project: project.name, person: name },
    async () => {
      const files: InspectedFile[] = [];
      for (const upload of input.uploads) files.push(await inspectUpload(project.name, upload));
      const [first] = files;
      if (!first) throw refuse('draft.no-files', {});
      const release = { project: project.name, version: first.version, versionKey: first.versionKey };
      requireOneRelease(release, files);
      const about = { policy, name, files: files.map((file) => file.sha256) };
      const packets = await checkPacketsOfFiles(db, about, input.signatures);
      return change(actor, viaOf(actor), (work) => enterNewDraft(work, release, files, packets));
    },
  );
}

/** Inside a change: opens it. Refuses as `openDraft`; locks the project. */
export async function enterNewDraft(
  work: Change,
  release: DraftRelease,
  files: InspectedFile[],
  packets: CheckedPacket[],
): Promise<OpenedDraft> {
  const { tx, now } = work;
  await lockRow(tx, 'Project', release.project);
  const { name } = await requireRight(tx, work.actor, 'draft.open', release.project);
  await requireActive(tx, release.project);
  await requireVersionFree(work, release);
  requireDistinctFiles(files);
  await requireNamesFree(tx, files);
  await requireRoomInDraft(tx, release.project, { added: files, kept: [], gone: [] });
  const id = readDraftId(randomBytes(6).toString('hex'));
  await createDraft(work, id, release, name);
  await storeFiles(work, id, 1, files);
  const details = { version: release.version, files: files.map((file) => file.name) };
  await work.record('draft.opened', { project: release.project, draft: id, details });
  const row = await tx.draft.findUniqueOrThrow({ where: { id } });
  const loaded = await loadCase(tx, row, now);
  const statement = await writeRevision(work, loaded.draft);
  const outcomes = await enterPackets(work, loaded, packets, 'with-files');
  const settled = await settleDraft(work, id);
  await askSigners(work, settled, statement);
  return { draft: id, project: release.project, version: release.version, revision: 1, outcomes };
}

const day = 86_400_000;

/** The one place of an open or published release of a version. */
export const slotOf = ({ project, versionKey }: DraftRelease): string => `${project}@${versionKey}`;

/** Leads to the draft that is open, or says that the version is published. */
async function requireVersionFree({ tx }: Change, release: DraftRelease): Promise<void> {
  const taken = await tx.draft.findUnique({ where: { versionSlot: slotOf(release) } });
  if (!taken) return;
  const { project, version } = release;
  if (taken.state === 'draft' || taken.state === 'approved')
    throw refuse('draft.already-open', { version: taken.version, path: `/drafts/${taken.id}` });
  throw refuse('release.already-published', { project, version });
}

async function createDraft(
  { tx, now }: Change,
  id: DraftId,
  release: DraftRelease,
  openedBy: AccountName,
): Promise<void> {
  const { project, version, versionKey } = release;
  const { deadlineDays } = await loadReminderRules(tx, project);
  const row = {
    ...{ id, projectName: project, version, versionKey, state: 'draft', revision: 1 },
    ...{ openedBy, openedAt: now, deadline: after(now, deadlineDays * day), versionSlot: slotOf(release) },
  };
  await orTaken(tx.draft.create({ data: row }), () =>
    refuse('draft.already-open', { version, path: `/projects/${project}` }),
  );
}
