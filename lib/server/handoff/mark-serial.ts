// A later record of a release in rows: quarantined, or published again. The record says it; the web program only follows, tells history and
// mails everybody concerned. Called in the change that marks the hand-back as placed, so that it happens once.
import { readAccountName, readDraftId, type AccountName, type DraftId } from '#lib/core/ids.ts';
import type { ReleaseRecord } from '#lib/core/release.ts';
import { versionKey } from '#lib/python/versions.ts';
import { recordPath } from '#lib/simple/page.ts';
import type { Change } from '#lib/server/change.ts';
import type { Draft as DraftRow } from '#lib/server/db/generated/client.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { loadCase } from '#lib/server/judge/load-case.ts';
import { forgetFates, leftQuarantined } from '#lib/server/judge/release-fates.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { publishedAgainLetter } from '#lib/server/mail/letters/published-again.ts';
import { quarantinedLetter } from '#lib/server/mail/letters/quarantined.ts';
import { logIndexOf } from './keep-log.ts';
import { keepRecord } from './keep-record.ts';

/** Writes one later record of a checked hand-back. Does nothing where the rows know it, or a newer one, already. */
export async function markSerial(work: Change, record: ReleaseRecord): Promise<void> {
  const versionSlot = `${record.project}@${versionKey(record.version)}`;
  const found = await work.tx.draft.findUnique({ where: { versionSlot }, select: { id: true } });
  if (record.serial === 1 || !found) return;
  await lockRow(work.tx, 'Draft', found.id);
  const row = await work.tx.draft.findUniqueOrThrow({ where: { id: found.id } });
  if (record.serial <= (row.recordSerial ?? record.serial)) return;
  const draft = readDraftId(row.id);
  await moveTo(work, row, record);
  await keepRecord(work.tx, draft, record);
  if (record.state === 'quarantined' && record.reason !== row.quarantineReason)
    await tellQuarantined(work, draft, record);
  if (record.state === 'published' && row.state === 'quarantined') await tellPublishedAgain(work, draft, record);
}

/** The row as the record says. What it said of being below its threshold, and what the countersigner said before, is over. */
async function moveTo({ tx, now }: Change, row: DraftRow, { state, reason }: ReleaseRecord): Promise<void> {
  const isQuarantined = state === 'quarantined';
  const quarantinedAt = isQuarantined ? (row.quarantinedAt ?? now) : null;
  const quarantineReason = isQuarantined ? (reason ?? 'no reason given') : null;
  const silent = { countersignerCode: null, countersignerSays: null, countersignerAt: now };
  await tx.draft.update({
    where: { id: row.id },
    data: { state, publishedAt: row.publishedAt ?? now, quarantinedAt, quarantineReason, belowSince: null, ...silent },
  });
}

async function tellQuarantined(work: Change, draft: DraftId, record: ReleaseRecord): Promise<void> {
  const { project, version, serial, reason } = record;
  const row = await work.tx.draft.findUniqueOrThrow({ where: { id: draft } });
  const { verdict, draft: facts } = await loadCase(work.tx, row, work.now);
  await work.record('release.quarantined', { project, draft, details: { version, record: serial, reason } });
  const about = { project, version, draft, reason: reason ?? '', verdict };
  const isLeft = (await leftQuarantined(work.tx, [draft])).has(draft);
  const asked = new Set(isLeft ? [] : verdict.couldStillSign);
  await tellPeople(work, await concerned(work, record, facts.openedBy), (name) =>
    quarantinedLetter({ ...about, isAsked: asked.has(name) }),
  );
}

async function tellPublishedAgain(work: Change, draft: DraftId, record: ReleaseRecord): Promise<void> {
  const { project, version, serial, statementSha256, files } = record;
  const row = await work.tx.draft.findUniqueOrThrow({ where: { id: draft } });
  const signedBy = [...new Set(record.signatures.map((signature) => signature.person))].sort();
  await work.record('release.published-again', { project, draft, details: { version, record: serial, signedBy } });
  await forgetFates(work.tx, draft);
  const logIndex = await logIndexOf(work.tx, recordPath(project, version, serial));
  const letter = publishedAgainLetter({ project, version, draft, serial, logIndex, statementSha256, files, signedBy });
  await tellPeople(work, await concerned(work, record, readAccountName(row.openedBy)), () => letter);
}

/** People of the policy in force, whoever signed, and whoever opened it: nobody's name is used, or dropped, unseen. */
async function concerned(work: Change, record: ReleaseRecord, openedBy: AccountName): Promise<AccountName[]> {
  const members = await work.tx.membership.findMany({ where: { projectName: record.project } });
  const signed = record.signatures.map((signature) => signature.person);
  return [...members.map((member) => readAccountName(member.personName)), ...signed, openedBy];
}
