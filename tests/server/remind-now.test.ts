// "Remind now", and the rules of a project that reminders and deadlines follow: who may, how often, what is kept, and what stays as it was.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '#lib/core/people.ts';
import type { ReminderRules } from '#lib/core/reminding.ts';
import { expireDrafts } from '#lib/server/commands/expire-drafts.ts';
import { remindNow } from '#lib/server/commands/remind-now.ts';
import { remindPeople } from '#lib/server/commands/remind-people.ts';
import { setReminderRules } from '#lib/server/commands/set-reminder-rules.ts';
import { silenceDraft } from '#lib/server/commands/silence-draft.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { home } from '#lib/server/queries/home.ts';
import { historyOf } from '#lib/server/queries/history-of.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { expectRefusal } from '../support/refusal.ts';
import { makeDraft, makeWorld, personActor, signDraft, visitor, type World } from '../support/story.ts';

const hour = 3_600_000;
const day = 24 * hour;
let runtime: TestRuntime;
let world: World;
let draft: string;
let count = 0;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
});
afterAll(() => runtime.close());

/** Each test has a draft by ada of its own, opened at noon UTC, and no other is open. */
beforeEach(async () => {
  const open = await runtime.db.draft.findMany({ where: { state: { in: ['draft', 'approved'] } } });
  for (const { id } of open) await withdrawDraft(world.ada.actor, { draft: id, reason: 'the next test' });
  const today = Math.floor(runtime.clock.now().getTime() / day) * day;
  runtime.setTime(new Date(today + day + 12 * hour).toISOString());
  draft = (await makeDraft(world.ada, world.project, `4.${(count += 1)}`)).draft;
});

const toWhom = async (): Promise<(string | null)[]> => {
  const subject = { contains: `] 4.${count} ` };
  const mails = await runtime.db.mail.findMany({ where: { event: 'draft.reminder', subject } });
  return mails.map(({ toPerson }) => toPerson).sort();
};
const remind = (by: Actor = world.ada.actor) => remindNow(by, { draft });

describe('remind now', () => {
  it('mails everybody who can still sign, but for whoever asks, and says who asked', async () => {
    await signDraft(world.ada, draft);
    expect(await remind()).toEqual({ now: ['bo', 'chi'], later: [] });
    expect(await toWhom()).toEqual(['bo', 'chi']);
    const mail = await runtime.db.mail.findFirstOrThrow({
      where: { event: 'draft.reminder' },
      orderBy: { createdAt: 'desc' },
    });
    expect(mail.text).toContain(`ada asks you again to sign revision 1 of release 4.${count}`);
    const { lines } = await historyOf(world.chi.actor, { draft });
    expect(lines[0]).toMatchObject({ actor: 'ada', says: 'reminded bo and chi' });
  });

  it('is told to whoever waits for others, where their drafts stand', async () => {
    const waiting = async () => {
      const { drafts } = (await home(world.ada.actor)).waitingForOthers;
      return drafts.map(({ id, lastRemindedAt }) => [id, lastRemindedAt]);
    };
    await signDraft(world.ada, draft);
    expect(await waiting()).toEqual([[draft, null]]);
    await remind();
    expect(await waiting()).toEqual([[draft, runtime.clock.now()]]);
  });

  it('reaches each person at most once a day, whoever asks', async () => {
    await remind(world.bo.actor);
    expect(await toWhom()).toEqual(['ada', 'chi']);
    expect(await remind(world.ada.actor)).toEqual({ now: ['bo'], later: [] });
    await expectRefusal(() => remind(world.ada.actor), 'reminder.too-soon');
    runtime.advance(day - 1);
    await expectRefusal(() => remind(world.ada.actor), 'reminder.too-soon');
    runtime.advance(1);
    expect(await remind(world.ada.actor)).toEqual({ now: ['bo', 'chi'], later: [] });
  });

  it('does not come on top of a reminder of the schedule, and the schedule counts it', async () => {
    runtime.advance(2 * day);
    expect(await remindPeople()).toEqual({ reminded: 3 });
    runtime.advance(hour);
    await expectRefusal(() => remind(), 'reminder.too-soon');
    runtime.advance(2 * day);
    await remind();
    runtime.advance(day);
    expect(await remindPeople()).toEqual({ reminded: 1 }); // ada, whom nobody asked
  });

  it('leaves in peace who put it off or muted it', async () => {
    await silenceDraft(world.bo.actor, { draft, wish: 'a-day' });
    expect(await remind()).toEqual({ now: ['chi'], later: [] });
    await silenceDraft(world.chi.actor, { draft, wish: 'mute' });
    await expectRefusal(() => remind(), 'reminder.nobody');
    runtime.advance(day);
    expect(await remind()).toEqual({ now: ['bo'], later: [] });
  });

  it('is kept through the quiet hours of a person, and given up where they have signed by then', async () => {
    const hours = { timeZone: 'UTC', quietFrom: 11, quietTo: 14, digestHour: 8 };
    for (const name of ['bo', 'chi']) await runtime.db.mailHours.create({ data: { personName: name, ...hours } });
    expect(await remind()).toEqual({ now: [], later: ['bo', 'chi'] });
    await expectRefusal(() => remind(), 'reminder.too-soon');
    await remindPeople();
    expect(await toWhom()).toEqual([]);
    await signDraft(world.chi, draft);
    runtime.advance(2 * hour);
    await Promise.all([remindPeople(), remindPeople()]);
    expect(await toWhom()).toEqual(['bo']);
    expect(await runtime.db.reminder.findFirst({ where: { draftId: draft, personName: 'bo' } })).toMatchObject({
      ...{ kind: 'asked', askedBy: 'ada', sentAt: runtime.clock.now() },
    });
    await runtime.db.mailHours.deleteMany();
  });

  it('is refused where nobody can still sign, where it has ended, and to others', async () => {
    await expectRefusal(() => remind(visitor), 'person.sign-in-first');
    await expectRefusal(() => remind(personActor('stranger')), 'draft.not-found');
    for (const person of [world.ada, world.bo]) await signDraft(person, draft);
    await expectRefusal(() => remind(), 'draft.not-now');
    draft = (await makeDraft(world.ada, world.project, `4.${(count += 1)}`)).draft;
    await withdrawDraft(world.ada.actor, { draft, reason: 'a mistake' });
    await expectRefusal(() => remind(), 'draft.not-now');
  });
});

describe('the rules of a project for reminders and deadlines', () => {
  const rules: ReminderRules = { firstAfterDays: 1, thenEveryDays: 2, atMost: 2, deadlineDays: 7, warnDaysBefore: 1 };
  const set = (change: object = {}, by = world.ada.actor) =>
    setReminderRules(by, { project: world.project, ...rules, ...change });

  it('are set by an owner, hold for reminders at once and for the deadlines of drafts that are opened then', async () => {
    const { deadline } = await draftPage(world.ada.actor, draft);
    await remindPeople();
    await set();
    expect((await draftPage(world.ada.actor, draft)).deadline).toEqual(deadline);
    runtime.advance(day);
    expect(await remindPeople()).toEqual({ reminded: 3 });
    runtime.advance(2 * day);
    expect(await remindPeople()).toEqual({ reminded: 3 });
    runtime.advance(3 * day);
    expect(await remindPeople()).toEqual({ reminded: 0 });
    const next = await makeDraft(world.ada, world.project, `4.${(count += 1)}`);
    const page = await draftPage(world.ada.actor, next.draft);
    expect(page.deadline).toEqual(new Date(runtime.clock.now().getTime() + 7 * day));
    runtime.advance(7 * day);
    await expireDrafts();
    expect((await draftPage(world.ada.actor, next.draft)).state).toBe('expired');
    const { lines } = await historyOf(world.bo.actor, { project: world.project });
    const said = lines.find(({ kind }) => kind === 'reminders.changed')?.says;
    expect(said).toContain('the days for which a draft is open: 7 (30 before)');
  });

  it('are refused to everybody else, out of bounds, and where nothing changes', async () => {
    await expectRefusal(() => set({}, world.bo.actor), 'person.may-not');
    await expectRefusal(() => set({}, personActor('stranger')), 'person.may-not');
    await expectRefusal(() => set({ deadlineDays: 181 }), 'input.not-a');
    await expectRefusal(() => set({ warnDaysBefore: 7 }), 'reminders.warned-at-once');
    await expectRefusal(() => set({}), 'reminders.nothing-changed');
  });
});
