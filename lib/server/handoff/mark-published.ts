// A countersigned release in rows: the draft becomes published, its file names are taken for ever, everybody concerned is mailed. Called in
// the change that marks the hand-back as placed, so that it happens once. What is countersigned is published: a withdrawal that came
// after the countersigner had signed came too late.
import { readAccountName, readDraftId, type AccountName, type DraftId } from '#lib/core/ids.ts';
import type { ReleaseRecord } from '#lib/core/release.ts';
import { readStatement } from '#lib/core/statement.ts';
import type { Handback } from '#lib/evidence/handback.ts';
import { statementPath } from '#lib/evidence/index-tree.ts';
import { versionKey } from '#lib/python/versions.ts';
import { recordPath } from '#lib/simple/page.ts';
import type { Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { queueElsewhere } from '#lib/server/other-index/queue.ts';
import { publishedLetter } from '#lib/server/mail/letters/published.ts';
import { logIndexOf } from './keep-log.ts';
import { keepRecord } from './keep-record.ts';
import { markSerial } from './mark-serial.ts';

/** Writes one record of a checked hand-back. Does nothing where it is published already. */
export async function markPublished(work: Change, handback: Handback, record: ReleaseRecord): Promise<void> {
  if (record.serial > 1) return markSerial(work, record);
  const bytes = handback.files.get(statementPath(record.project, record.version));
  if (!bytes) return;
  const { draft, openedBy } = readStatement(bytes);
  await lockRow(work.tx, 'Draft', draft);
  const row = await work.tx.draft.findUnique({ where: { id: draft } });
  if (row?.publishedAt) return; // quarantined since, or put back (lib/server/catch-up)
  await keepNames(work, record);
  if (row) {
    await publishDraft(work, record, draft);
    await keepRecord(work.tx, draft, record);
    await queueElsewhere(work, record.project, draft);
  }
  await tellAll(work, record, { draft, openedBy, before: row?.state ?? 'unknown' });
}

type Told = { draft: DraftId; openedBy: AccountName; before: string };

async function tellAll(work: Change, record: ReleaseRecord, { draft, openedBy, before }: Told): Promise<void> {
  const { project, version, serial, statementSha256, files } = record;
  const signedBy = [...new Set(record.signatures.map((signature) => signature.person))].sort();
  await work.record('release.published', {
    project,
    draft,
    details: { version, record: serial, signedBy, before },
  });
  const members = await work.tx.membership.findMany({ where: { projectName: project } });
  const names = [...members.map((member) => readAccountName(member.personName)), ...signedBy, openedBy];
  const logIndex = await logIndexOf(work.tx, recordPath(project, version, serial));
  const letter = publishedLetter({ project, version, draft, serial, logIndex, statementSha256, files, signedBy });
  await tellPeople(work, names, () => letter);
}

async function publishDraft(work: Change, { project, version }: ReleaseRecord, draft: DraftId): Promise<void> {
  const versionSlot = `${project}@${versionKey(version)}`;
  const other = await work.tx.draft.findFirst({ where: { versionSlot, id: { not: draft } } });
  if (other) {
    await work.tx.draft.update({ where: { id: other.id }, data: { state: 'withdrawn', versionSlot: null } });
    await work.record('draft.withdrawn', {
      project,
      draft: readDraftId(other.id),
      details: { why: `${version} is published` },
    });
  }
  const silent = { countersignerCode: null, countersignerSays: null, countersignerAt: work.now };
  const tooLate = { withdrawnBy: null, withdrawReason: null };
  await work.tx.draft.update({
    where: { id: draft },
    data: { state: 'published', publishedAt: work.now, versionSlot, ...silent, ...tooLate },
  });
}

/** Their file names are taken for ever. */
export async function keepNames({ tx, now }: Change, { files, project, version }: ReleaseRecord): Promise<void> {
  for (const { name, sha256 } of files)
    await tx.publishedFile.upsert({
      where: { name },
      create: { name, sha256, projectName: project, version, publishedAt: now },
      update: {},
    });
}
