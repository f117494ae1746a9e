// Sends reminders of one draft: a row for each that makes it come once, and the letter. The caller holds the lock on the draft, has asked
// loadReminding under it, and records what it did.
import { readAccountName, readSha256, type AccountName, type Sha256 } from '#lib/core/ids.ts';
import type { NextReminder, ReminderKind } from '#lib/core/reminding.ts';
import type { Change } from '#lib/server/change.ts';
import { draftReminderLetter } from '#lib/server/mail/letters/draft-reminder.ts';
import type { DraftFacts, LoadedCase } from './load-case.ts';
import { tellPeople } from './tell-people.ts';
import { waysToSign } from './ways-to-sign.ts';

/** One to send now. An asked one has its row already. */
export type DueReminder = Omit<NextReminder, 'at'> & { name: AccountName; isAsked: boolean };

/** Queues each reminder and keeps that it was sent. What was asked for and still waits for the same person is done with it. */
export async function sendReminders(work: Change, loaded: LoadedCase, due: readonly DueReminder[]): Promise<void> {
  for (const reminder of due) await sendOne(work, loaded, reminder);
  await work.hold('reminders.sent');
}

async function sendOne(work: Change, loaded: LoadedCase, { name, kind, number, isAsked }: DueReminder): Promise<void> {
  const { tx, now } = work;
  const person = { draftId: loaded.draft.id, personName: name };
  const id = { ...person, kind, number };
  await tx.reminder.updateMany({ where: { ...person, sentAt: null }, data: { sentAt: now } });
  const asked = kind === 'asked' ? await tx.reminder.findFirst({ where: id }) : null;
  if (kind !== 'asked') await tx.reminder.create({ data: { ...id, createdAt: now, sentAt: now } });
  await tellOne(work, loaded, { name, kind, isAsked, askedBy: asked?.askedBy ?? null });
}

type Told = { name: AccountName; kind: ReminderKind; isAsked: boolean; askedBy: string | null };

async function tellOne(work: Change, loaded: LoadedCase, { name, kind, isAsked, askedBy }: Told): Promise<void> {
  const { draft, files, verdict, hindrance } = loaded;
  const { id, project, version, revision, openedBy, openedAt, deadline } = draft;
  const statement = await statementOf(work, draft);
  await tellPeople(work, [name], async () =>
    draftReminderLetter({
      ...{ kind, project, version, draft: id, revision, openedBy, openedAt, deadline, now: work.now },
      askedBy: askedBy === null ? null : readAccountName(askedBy),
      statement,
      files: files.map((file) => ({ name: file.name, sha256: file.sha256, size: Number(file.row.size) })),
      ...{ signedSoFar: verdict.counted, required: verdict.required, missing: verdict.missing },
      ...{ couldStillSign: verdict.couldStillSign, heldBack: hindrance?.message ?? null },
      ways: isAsked ? await waysToSign(work, loaded, name) : null,
    }),
  );
}

async function statementOf({ tx }: Change, { id, revision }: DraftFacts): Promise<{ sha256: Sha256; size: number }> {
  const where = { draftId_number: { draftId: id, number: revision } };
  const { sha256, statement } = await tx.revision.findUniqueOrThrow({ where });
  return { sha256: readSha256(sha256), size: statement.length };
}
