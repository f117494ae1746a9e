// For jobs: the daily mail of everybody whose hour has come. What was kept before that hour, by the person's own clock, goes into one mail and is
// gone in the same transaction; so a program that stood still for days sends one, and two at once send one. What came after it waits for tomorrow.
import { readAccountName, type AccountName } from '#lib/core/ids.ts';
import { latestHour } from '#lib/core/local-time.ts';
import { change, type Change } from '#lib/server/change.ts';
import type { DigestItem } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { dailyThings } from '#lib/server/judge/daily-things.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { dailyLetter, type DailyLetter } from '#lib/server/mail/letters/daily.ts';
import { loadMailHours } from '#lib/server/mail/mail-hours.ts';
import { runtime } from '#lib/server/runtime.ts';

/** How many mails were queued. Only the jobs program calls it: it has no actor but `jobs`. */
export async function sendDailyMail(): Promise<{ queued: number }> {
  const { db, clock } = runtime();
  const waiting = await db.digestItem.findMany({ distinct: ['personName'], select: { personName: true } });
  let queued = 0;
  for (const { personName } of waiting) {
    const person = readAccountName(personName);
    if ((await loadDue(db, person, clock.now())).length === 0) continue;
    if (await change({ kind: 'jobs' }, 'jobs', (work) => sendOne(work, person)).catch(ifNothingDue)) queued += 1;
  }
  return { queued };
}

/** What was kept before the hour of the daily mail that was last. */
async function loadDue(tx: Transaction, personName: AccountName, now: Date): Promise<DigestItem[]> {
  const { timeZone, digestHour } = (await loadMailHours(tx, [personName]))(personName);
  const before = new Date(latestHour(now.getTime(), timeZone, digestHour));
  return tx.digestItem.findMany({
    where: { personName, createdAt: { lt: before } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
}

/** Thrown inside the change, so that a run that comes second leaves nothing behind. */
class NothingDue extends Error {}

function ifNothingDue(fault: unknown): false {
  if (fault instanceof NothingDue) return false;
  throw fault;
}

/** Whether there was anything left to tell. */
async function sendOne(work: Change, person: AccountName): Promise<boolean> {
  const { tx, now } = work;
  const due = await loadDue(tx, person, now);
  const { count } = await tx.digestItem.deleteMany({ where: { id: { in: due.map(({ id }) => id) } } });
  if (count === 0) throw new NothingDue();
  const told = await dailyThings(work, person, due);
  await work.record('mail.daily', { person, details: { told: told.length, kept: due.length } });
  if (told.length > 0)
    await tellPeople(work, [person], (name) => dailyLetter({ person: name, groups: byProject(told) }));
  return told.length > 0;
}

function byProject(told: Awaited<ReturnType<typeof dailyThings>>): DailyLetter['groups'] {
  const projects = [...new Set(told.map(({ project }) => project))].sort((a, b) =>
    (a ?? '').localeCompare(b ?? '', 'en'),
  );
  return projects.map((project) => ({
    project,
    things: told.filter((one) => one.project === project).map(({ thing }) => thing),
  }));
}
