// "Remind now": somebody of the project asks everybody who can still sign a draft again. Each person at most once a day, whoever asks and
// whatever the schedule sent; not whoever put it off or muted it; in their quiet hours it is kept and sent when they are over.
import { refuse } from '#lib/core/errors.ts';
import { renderInstant, type AccountName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { mayAskAgainAt } from '#lib/core/reminding.ts';
import { stepFrom } from '#lib/core/release.ts';
import { change, type Change, viaOf } from '#lib/server/change.ts';
import { lockDraft } from '#lib/server/judge/find-draft.ts';
import { loadCase } from '#lib/server/judge/load-case.ts';
import { loadReminding, type Reminding } from '#lib/server/judge/load-reminding.ts';
import { sendReminders, type DueReminder } from '#lib/server/judge/send-reminders.ts';

export type Reminded = {
  /** Who gets a mail now. */
  now: AccountName[];
  /** Who gets it when their quiet hours are over. */
  later: AccountName[];
};

/** @throws `person.…`, `draft.not-found`, `draft.not-now`, `reminder.nobody`, `reminder.too-soon` */
export async function remindNow(actor: Actor, input: { draft: string }): Promise<Reminded> {
  return change(actor, viaOf(actor), async (work) => {
    const { tx, now } = work;
    const { row, name } = await lockDraft(tx, actor, 'draft.remind', input.draft);
    const loaded = await loadCase(tx, row, now);
    stepFrom(loaded.draft.state, 'sign');
    const people = whomToRemind(await loadReminding(tx, loaded, now), name, now.getTime());
    const asked: (DueReminder & { isAwake: boolean })[] = [];
    for (const person of people) asked.push(await keepAsked(work, row.id, name, person));
    const awake = asked.filter(({ isAwake }) => isAwake);
    await sendReminders(work, loaded, awake);
    await tx.draft.update({ where: { id: row.id }, data: { remindAt: null } });
    const { id, project, version } = loaded.draft;
    const details = { version, kind: 'asked', people: asked.map((person) => person.name) };
    await work.record('draft.reminded', { project, draft: id, details });
    const later = asked.filter(({ isAwake }) => !isAwake);
    return { now: awake.map((person) => person.name), later: later.map((person) => person.name) };
  });
}

/** Refuses where nobody is left, with the moment from which somebody is. */
function whomToRemind(all: readonly Reminding[], asking: AccountName, now: number): Reminding[] {
  const open = all.filter(({ name, isAsked, silence }) => isAsked && silence === null && name !== asking);
  if (open.length === 0) throw refuse('reminder.nobody', {});
  const again = open.map((person) => mayAskAgainAt(person.made, now));
  const free = open.filter((_, at) => again[at] === null);
  const soonest = Math.min(...again.map((at) => at ?? Infinity));
  if (free.length === 0) throw refuse('reminder.too-soon', { until: renderInstant(soonest) });
  return free;
}

/** Keeps that it is wanted, to be sent at once or when the quiet hours are over. */
async function keepAsked(
  { tx, now }: Change,
  draft: string,
  askedBy: AccountName,
  { name, made, quietUntil }: Reminding,
): Promise<DueReminder & { isAwake: boolean }> {
  const number = 1 + Math.max(0, ...made.filter(({ kind }) => kind === 'asked').map((entry) => entry.number));
  await tx.reminder.create({
    data: { draftId: draft, personName: name, kind: 'asked', number, askedBy, createdAt: now, sentAt: null },
  });
  return { name, kind: 'asked', number, isAsked: true, isAwake: quietUntil === null };
}
