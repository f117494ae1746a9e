// For jobs: whoever still has to sign a draft is reminded by the rules of the project, and everybody concerned is warned once before it ends.
// One change a draft, decided anew under its lock, with a row for each reminder: a second run, two at once, or a crash sends none twice and
// leaves none out. `Draft.remindAt` only saves work: a draft is looked at when its next reminder is due, and at least once an hour, because
// a key, a policy or a signature may make somebody able to sign again.
import { change, type Change } from '#lib/server/change.ts';
import { after } from '#lib/server/clock.ts';
import type { Draft as DraftRow } from '#lib/server/db/generated/client.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { loadCase, type DraftFacts } from '#lib/server/judge/load-case.ts';
import { loadReminding, type Reminding } from '#lib/server/judge/load-reminding.ts';
import { sendReminders, type DueReminder } from '#lib/server/judge/send-reminders.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';

const draftsMost = 100;

/** How many reminders were queued. Only the jobs program calls it: it has no actor but `jobs`. */
export async function remindPeople(): Promise<{ reminded: number }> {
  const { db, clock } = runtime();
  const due = { OR: [{ remindAt: null }, { remindAt: { lte: clock.now() } }] };
  const rows = await db.draft.findMany({
    where: { state: 'draft', ...due },
    orderBy: [{ remindAt: { sort: 'asc', nulls: 'first' } }, { id: 'asc' }],
    take: draftsMost,
  });
  const results: (number | { fault: unknown })[] = [];
  for (const row of rows) results.push(await remindOf(row).catch((fault: unknown) => ({ fault })));
  // One bad draft never keeps the others from being looked at; it is told afterwards.
  const failed = results.find((result) => typeof result === 'object');
  if (failed) throw failed.fault;
  return { reminded: results.reduce<number>((sum, result) => sum + Number(result), 0) };
}

/** Looks without a lock first: mostly nothing is due. */
async function remindOf(row: DraftRow): Promise<number> {
  const { db, clock } = runtime();
  const now = clock.now();
  const people = await loadReminding(db, await loadCase(db, row, now), now);
  const seen = { id: row.id, remindAt: row.remindAt };
  if (dueOf(people, now).length === 0) {
    await db.draft.updateMany({ where: seen, data: { remindAt: lookAgainAt(people, now) } });
    return 0;
  }
  return change({ kind: 'jobs' }, 'jobs', (work) => remind(work, row.id)).catch(ifNothingDue);
}

/** Thrown inside the change, so that a run that comes second leaves nothing behind. */
class NothingDue extends Error {}

function ifNothingDue(fault: unknown): 0 {
  if (fault instanceof NothingDue) return 0;
  throw fault;
}

async function remind(work: Change, id: string): Promise<number> {
  const { tx, now } = work;
  await lockRow(tx, 'Draft', id);
  const loaded = await loadCase(tx, await tx.draft.findUniqueOrThrow({ where: { id } }), now);
  const due = dueOf(await loadReminding(tx, loaded, now), now);
  if (due.length === 0) throw new NothingDue();
  await sendReminders(work, loaded, due);
  await recordKinds(work, loaded.draft, due);
  const left = await loadReminding(tx, loaded, now);
  await tx.draft.update({ where: { id }, data: { remindAt: lookAgainAt(left, now) } });
  return due.length;
}

/** One line of history for each kind. */
async function recordKinds(work: Change, { id, project, version }: DraftFacts, due: DueReminder[]): Promise<void> {
  for (const kind of new Set(due.map((reminder) => reminder.kind))) {
    const people = due
      .filter((reminder) => reminder.kind === kind)
      .map(({ name }) => name)
      .sort();
    await work.record('draft.reminded', { project, draft: id, details: { version, kind, people } });
  }
}

const dueOf = (people: readonly Reminding[], now: Date): DueReminder[] =>
  people.flatMap(({ name, isAsked, next }) =>
    next !== null && next.at <= now.getTime() ? [{ name, isAsked, kind: next.kind, number: next.number }] : [],
  );

function lookAgainAt(people: readonly Reminding[], now: Date): Date {
  const latest = after(now, limits.remindLookMs).getTime();
  return new Date(Math.min(latest, ...people.flatMap(({ next }) => (next === null ? [] : [next.at]))));
}
