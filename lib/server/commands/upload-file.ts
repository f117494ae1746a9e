// Takes one file of a release, as twine and uv upload it: the first of a version opens its draft, the next ones go into that draft, each a new
// revision. Which of it this file is, is decided inside the change, by rows under their locks, so that parallel uploads end in one draft. The
// same bytes again are no mistake; other bytes under a name that is there are refused. A signature that came along counts by its own proof, or is
// reported: it never fails the upload. Nothing goes past the draft.
import { isRefusal, refuse, type Refusal } from '#lib/core/errors.ts';
import type { DraftId, ProjectName, Version } from '#lib/core/ids.ts';
import { requireMay, type Actor } from '#lib/core/people.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { requireFormOfFile, type UploadForm } from '#lib/python/upload-form.ts';
import { change, keepingRefusals, recordRefusal, type Change, type Via } from '#lib/server/change.ts';
import type { Draft as DraftRow } from '#lib/server/db/generated/client.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { inspectUpload, type InspectedFile, type Upload } from '#lib/server/files/inspect-upload.ts';
import type { CheckedPacket } from '#lib/server/judge/check-packets.ts';
import { requireOneRelease, type DraftRelease } from '#lib/server/judge/draft-checks.ts';
import { enterPackets } from '#lib/server/judge/enter-packets.ts';
import { lockDraft } from '#lib/server/judge/find-draft.ts';
import { loadCase } from '#lib/server/judge/load-case.ts';
import { requirePolicyInForce } from '#lib/server/judge/load-policy.ts';
import type { PacketOutcome } from '#lib/server/judge/packet-outcome.ts';
import { checkPacketsOfFiles } from '#lib/server/judge/packets-with-files.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { settleDraft } from '#lib/server/judge/settle-draft.ts';
import { runtime } from '#lib/server/runtime.ts';
import { enterNewFiles } from './change-files.ts';
import { enterNewDraft, slotOf } from './open-draft.ts';

export type UploadFileInput = {
  form: UploadForm;
  upload: Upload;
  /** What came as the signature of the file: anything. */
  signature: Uint8Array | null;
};

export type UploadedFile = {
  draft: DraftId;
  project: ProjectName;
  version: Version;
  name: string;
  /** `already-there`: the very bytes are in the draft, or published. */
  did: 'opened' | 'added' | 'already-there';
  outcomes: PacketOutcome[];
  /** What came as a signature and is none. */
  noSignature: Refusal | null;
};

const via: Via = 'twine';

/** @throws `person.…`, `token.…`, `project.…`, `distribution.…`, `upload.…`, `draft.not-now`, `file.name-taken`, `release.already-published` */
export async function uploadFile(actor: Actor, input: UploadFileInput): Promise<UploadedFile> {
  const { db } = runtime();
  const { project, name, role } = await requireRight(db, actor, 'draft.open', input.form.project);
  if (input.signature !== null) requireMay(actor, role, 'signature.add-with-files', project.name);
  const policy = await requirePolicyInForce(db, project.name);
  const about = { project: project.name, person: name };
  const uploaded = await keepingRefusals(actor, via, { kind: 'file.refused', ...about }, async () => {
    const file = await inspectUpload(project.name, input.upload);
    requireFormOfFile(input.form, file);
    const release = { project: project.name, version: file.version, versionKey: file.versionKey };
    requireOneRelease(release, [file]);
    const { uploads, noSignature } = await readSignature(input.signature);
    const packets = await checkPacketsOfFiles(db, { policy, name, files: [file.sha256] }, uploads);
    const entered = await change(actor, via, (work) => enterFile(work, release, file, packets));
    return { ...entered, name: file.name, noSignature };
  });
  const { draft, noSignature } = uploaded;
  if (noSignature !== null)
    await recordRefusal(actor, via, { kind: 'signature.refused', ...about, draft }, noSignature);
  return uploaded;
}

async function readSignature(
  foreign: Uint8Array | null,
): Promise<{ uploads: Uint8Array[]; noSignature: Refusal | null }> {
  if (foreign === null) return { uploads: [], noSignature: null };
  try {
    await readSignatures(foreign);
    return { uploads: [foreign], noSignature: null };
  } catch (fault) {
    if (!isRefusal(fault)) throw fault;
    return { uploads: [], noSignature: fault };
  }
}

type Entered = Omit<UploadedFile, 'name' | 'noSignature'>;

async function enterFile(
  work: Change,
  release: DraftRelease,
  file: InspectedFile,
  packets: CheckedPacket[],
): Promise<Entered> {
  const { tx, actor } = work;
  await requireRight(tx, actor, 'draft.open', release.project);
  const taken = (await findTaken(work, release)) ?? (await findTakenLocked(work, release));
  if (taken === null) return { ...(await enterNewDraft(work, release, [file], packets)), did: 'opened' };
  const { row } = await lockDraft(tx, actor, 'draft.change-files', taken.id);
  const there = await tx.draftFile.findFirst({ where: { draftId: row.id, name: file.name, until: null } });
  if (there === null) return addFile(work, row, file, packets);
  if (there.sha256 === file.sha256) return repeatFile(work, row, file.name, packets);
  const where = isOpen(row) ? `is in the draft of version ${row.version}` : 'is published';
  throw refuse('upload.file-exists', { name: file.name, version: row.version, where });
}

const isOpen = ({ state }: DraftRow): boolean => state === 'draft' || state === 'approved';

const findTaken = ({ tx }: Change, release: DraftRelease): Promise<DraftRow | null> =>
  tx.draft.findUnique({ where: { versionSlot: slotOf(release) } });

/** Once more, when whoever else opened it meanwhile has ended. */
async function findTakenLocked(work: Change, release: DraftRelease): Promise<DraftRow | null> {
  await lockRow(work.tx, 'Project', release.project);
  return findTaken(work, release);
}

async function addFile(work: Change, row: DraftRow, file: InspectedFile, packets: CheckedPacket[]): Promise<Entered> {
  const { projectName: project, version } = row;
  if (row.state === 'published' || row.state === 'quarantined')
    throw refuse('release.already-published', { project, version });
  const entered = await enterNewFiles(work, { draft: row.id, remove: [] }, [file], packets);
  return { ...entered, did: 'added' };
}

/** The very bytes are there: nothing changes, but for a signature that came with them while the draft takes any. */
async function repeatFile(work: Change, row: DraftRow, name: string, packets: CheckedPacket[]): Promise<Entered> {
  const signers = packets.flatMap(({ facts }) => facts.key ?? []);
  const loaded = await loadCase(work.tx, row, work.now, signers);
  const { id, project, version, state } = loaded.draft;
  await work.record('file.repeated', { project, draft: id, details: { name } });
  const outcomes = state === 'draft' ? await enterPackets(work, loaded, packets, 'with-files') : [];
  if (outcomes.length > 0) await settleDraft(work, id);
  return { draft: id, project, version, did: 'already-there', outcomes };
}
