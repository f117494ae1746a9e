// Puts one file into the draft of its version: the one that is open, as a new file or in place of the one of its name, else a new one. Which version
// it is, its name says, and the file itself must say the same. Putting the same again changes nothing.
import { isRefusal } from '#lib/core/errors.ts';
import { readDraftId, type DraftId, type ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { readDistributionName } from '#lib/python/file-name.ts';
import { versionKey } from '#lib/python/versions.ts';
import type { Upload } from '#lib/server/files/inspect-upload.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';
import { changeFiles } from './change-files.ts';
import { openDraft, slotOf } from './open-draft.ts';

export type PutFile = { draft: DraftId; did: 'opened' | 'changed' | 'nothing' };

/** Refuses as openDraft and changeFiles do. */
export async function putFile(actor: Actor, claimed: string, upload: Upload): Promise<PutFile> {
  const { project } = await requireRight(runtime().db, actor, 'draft.open', claimed);
  const there = await findOpen(project.name, upload);
  if (there !== null) return change(actor, there, upload);
  try {
    const { draft } = await openDraft(actor, { project: project.name, uploads: [upload], signatures: [] });
    return { draft, did: 'opened' };
  } catch (fault) {
    // Another file of the version came at the same moment and opened it.
    const opened =
      isRefusal(fault) && fault.code === 'draft.already-open' ? await findOpen(project.name, upload) : null;
    if (opened === null) throw fault;
    return change(actor, opened, upload);
  }
}

type Open = { draft: DraftId; hasIt: boolean };

async function findOpen(project: ProjectName, { uploadedName, stored }: Upload): Promise<Open | null> {
  const { db } = runtime();
  const { version } = readDistributionName(uploadedName);
  const versionSlot = slotOf({ project, version, versionKey: versionKey(version) });
  const row = await db.draft.findFirst({ where: { versionSlot, state: { in: ['draft', 'approved'] } } });
  if (row === null) return null;
  const where = { draftId: row.id, name: uploadedName, sha256: stored.sha256, until: null };
  return { draft: readDraftId(row.id), hasIt: (await db.draftFile.count({ where })) > 0 };
}

async function change(actor: Actor, { draft, hasIt }: Open, upload: Upload): Promise<PutFile> {
  if (hasIt) return { draft, did: 'nothing' };
  await changeFiles(actor, { draft, uploads: [upload], remove: [], signatures: [] });
  return { draft, did: 'changed' };
}
