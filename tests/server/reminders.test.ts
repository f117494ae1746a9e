// Reminders by the rules of a project, on a clock that the test moves: who gets which when, once, and what stands in it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { declineDraft } from '#lib/server/commands/decline-draft.ts';
import { expireDrafts } from '#lib/server/commands/expire-drafts.ts';
import { remindPeople } from '#lib/server/commands/remind-people.ts';
import { silenceDraft } from '#lib/server/commands/silence-draft.ts';
import { takeBackSignature } from '#lib/server/commands/take-back-signature.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { home } from '#lib/server/queries/home.ts';
import { historyOf } from '#lib/server/queries/history-of.ts';
import { statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { expectRefusal, takePicture } from '../support/refusal.ts';
import {
  changePolicy,
  makeDraft,
  makeSdist,
  makeWorld,
  personActor,
  signDraft,
  storeUpload,
  type World,
} from '../support/story.ts';

const hour = 3_600_000;
const day = 24 * hour;
let runtime: TestRuntime;
let world: World;
let draft: string;
let openedAt: number;
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
  openedAt = runtime.clock.now().getTime();
  draft = (await makeDraft(world.ada, world.project, `3.${(count += 1)}`)).draft;
});

const at = (days: number): void => runtime.setTime(new Date(openedAt + days * day).toISOString());
const kept = async (person: string): Promise<string[]> => {
  const rows = await runtime.db.reminder.findMany({ where: { draftId: draft, personName: person } });
  return rows
    .sort((one, other) => Number(one.sentAt) - Number(other.sentAt))
    .map(({ kind, number, sentAt }) => `${kind} ${number} on day ${(Number(sentAt) - openedAt) / day}`);
};
const mails = (event: string, person?: string) =>
  runtime.db.mail.findMany({
    where: { event, subject: { contains: `] 3.${count} ` }, ...(person && { toPerson: person }) },
  });
const toWhom = async (event: string): Promise<(string | null)[]> =>
  (await mails(event)).map(({ toPerson }) => toPerson).sort();

/** Jobs looks every day at this hour, from one day to another. */
async function days(from: number, to: number): Promise<void> {
  for (let number = from; number <= to; number += 1) {
    at(number);
    await remindPeople();
    await expireDrafts();
  }
}

describe('reminders by the schedule', () => {
  it('come after two days, then every three, five times, with one warning before the end; then the draft expires', async () => {
    await days(0, 30);
    const expected = [2, 5, 8, 11, 14].map((on, index) => `due ${index + 1} on day ${on}`);
    for (const name of ['ada', 'bo', 'chi']) expect(await kept(name)).toEqual([...expected, 'deadline 1 on day 27']);
    expect((await mails('draft.reminder', 'bo')).length).toBe(5);
    expect((await mails('draft.ends-soon', 'bo')).map(({ subject }) => subject)).toEqual([
      `[sunrise] 3.${count} ends in 3 days (0 of 2)`,
    ]);
    expect((await runtime.db.draft.findUniqueOrThrow({ where: { id: draft } })).state).toBe('expired');
    expect(await toWhom('draft.expired')).toEqual(['ada', 'bo', 'chi']);
    at(31);
    expect(await remindPeople()).toEqual({ reminded: 0 });
    await makeDraft(world.bo, world.project, `3.${count}`); // its version is free
  });

  it('come once each, whoever looks how often, at the same moment too', async () => {
    at(2);
    const runs = await Promise.all([remindPeople(), remindPeople(), remindPeople()]);
    expect(runs.reduce((sum, { reminded }) => sum + reminded, 0)).toBe(3);
    expect(await remindPeople()).toEqual({ reminded: 0 });
    expect(await toWhom('draft.reminder')).toEqual(['ada', 'bo', 'chi']);
    const entries = await runtime.db.historyEntry.findMany({ where: { draftId: draft, kind: 'draft.reminded' } });
    expect(entries.map(({ actor, details }) => [actor, details])).toEqual([
      ['(jobs)', { version: `3.${count}`, kind: 'due', people: ['ada', 'bo', 'chi'] }],
    ]);
    const { lines } = await historyOf(world.chi.actor, { draft });
    expect(lines[0]).toMatchObject({ actor: 'Countersign', says: 'reminded ada, bo and chi' });
  });

  it('that break off in the middle leave nothing behind, and come at the next look', async () => {
    at(2);
    const before = await takePicture();
    runtime.hold = async (point) => {
      if (point === 'reminders.sent') throw new Error('the power went off');
    };
    await expect(remindPeople()).rejects.toThrow('the power went off');
    delete runtime.hold;
    expect(await takePicture()).toEqual(before);
    expect(await remindPeople()).toEqual({ reminded: 3 });
    expect(await toWhom('draft.reminder')).toEqual(['ada', 'bo', 'chi']);
  });

  it('of one draft that fails do not hold up those of another', async () => {
    const other = (await makeDraft(world.ada, world.project, `3.${(count += 1)}`)).draft;
    await runtime.db.$executeRaw`UPDATE "Draft" SET "openedBy" = ${'no name at all'} WHERE "id" = ${draft}`;
    at(2);
    await expect(remindPeople()).rejects.toThrow();
    await expect(remindPeople()).rejects.toThrow();
    expect(await runtime.db.reminder.count({ where: { draftId: other } })).toBe(3);
    expect(await runtime.db.reminder.count({ where: { draftId: draft } })).toBe(0);
    await runtime.db.$executeRaw`UPDATE "Draft" SET "openedBy" = ${'ada'} WHERE "id" = ${draft}`;
  });

  it('make up for nothing: a clock that jumps, or a program that stood still, brings one', async () => {
    at(20);
    expect(await remindPeople()).toEqual({ reminded: 3 });
    expect(await kept('bo')).toEqual(['due 1 on day 20']);
    at(1);
    expect(await remindPeople()).toEqual({ reminded: 0 });
    at(20.5);
    expect(await remindPeople()).toEqual({ reminded: 0 });
    at(23);
    expect(await remindPeople()).toEqual({ reminded: 3 });
    at(29);
    await remindPeople();
    expect(await kept('bo')).toEqual(['due 1 on day 20', 'due 2 on day 23', 'deadline 1 on day 29']);
  });

  it('go to whoever can still sign, and say what is missing, what is signed and how', async () => {
    await signDraft(world.bo, draft);
    at(2);
    await remindPeople();
    expect(await toWhom('draft.reminder')).toEqual(['ada', 'chi']);
    const [mail] = await mails('draft.reminder', 'chi');
    const { bytes } = await statementBytes(world.chi.actor, draft);
    const { sha256 } = await runtime.db.revision.findFirstOrThrow({ where: { draftId: draft } });
    expect(mail?.subject).toBe(`[sunrise] 3.${count} still needs your signature (1 of 2)`);
    for (const said of [
      'One more signature is needed; it can come from ada, chi.',
      `SHA256SUMS, ${bytes.length} bytes`,
      sha256,
      'bo, 1 of 2',
      `sunrise-3.${count}.tar.gz`,
      'put reminders off',
      `gpg -u '`,
    ])
      expect(mail?.text).toContain(said);
    await signDraft(world.chi, draft);
    await days(3, 12);
    expect((await toWhom('draft.reminder')).length).toBe(2);
  });

  it('go to somebody whose signature no longer counts, counted from the new revision', async () => {
    await signDraft(world.bo, draft);
    at(1);
    const { name, bytes } = makeSdist(world.project, `3.${count}`, 'x = 2\n');
    const uploads = [await storeUpload({ name, bytes })];
    await changeFiles(world.ada.actor, { draft, uploads, remove: [], signatures: [] });
    await days(2, 2);
    expect(await toWhom('draft.reminder')).toEqual([]);
    await days(3, 3);
    expect(await toWhom('draft.reminder')).toEqual(['ada', 'bo', 'chi']);
  });

  it('go to somebody who took a signature back, at the latest an hour after', async () => {
    await signDraft(world.bo, draft);
    await days(2, 4);
    const { id } = await runtime.db.signature.findFirstOrThrow({ where: { draftId: draft } });
    await takeBackSignature(world.bo.actor, { draft, signature: id });
    at(4 + 1 / 24);
    await remindPeople();
    expect(await kept('bo')).toEqual([`due 1 on day ${4 + 1 / 24}`]);
  });

  it('go to nobody while somebody declines it; the warning does, to those who can do something', async () => {
    await declineDraft(world.chi.actor, { draft, reason: 'a file is missing' });
    await signDraft(world.ada, draft);
    await signDraft(world.bo, draft);
    await days(1, 28);
    expect(await toWhom('draft.reminder')).toEqual([]);
    expect(await toWhom('draft.ends-soon')).toEqual(['ada', 'chi']);
    const [mail] = await mails('draft.ends-soon', 'ada');
    expect(mail?.text).toContain('Enough people have signed.');
    expect(mail?.text).not.toContain('gpg -u');
  });

  it('do not come where it has its signatures and only waits for time', async () => {
    await changePolicy(world.ada, { project: world.project, waitHours: 300 }, world.ada);
    await signDraft(world.ada, draft);
    await signDraft(world.bo, draft);
    await days(1, 9);
    expect(await toWhom('draft.reminder')).toEqual([]);
    await changePolicy(world.ada, { project: world.project, waitHours: 0 }, world.ada, world.bo);
  });

  it('open the draft by a personal link of their own', async () => {
    await days(2, 2);
    const [mail] = await mails('draft.reminder', 'bo');
    expect(mail?.text).toMatch(/https:\/\/sign\.example\.org\/d\/[\w-]{20,}/);
    const links = await runtime.db.personalLink.findMany({ where: { draftId: draft, personName: 'bo' } });
    expect(links.map(({ createdAt }) => createdAt)).toContainEqual(runtime.clock.now());
  });
});

describe('quiet hours', () => {
  const sleeper = { personName: 'bo', timeZone: 'Asia/Tokyo', quietFrom: 20, quietTo: 8, digestHour: 8 };
  beforeAll(() => runtime.db.mailHours.create({ data: sleeper }));
  afterAll(() => runtime.db.mailHours.delete({ where: { personName: 'bo' } }));

  it('put a reminder off until they end where the person is; the others get theirs', async () => {
    at(2); // 12:00 UTC is 21:00 in Tokyo
    await remindPeople();
    expect(await toWhom('draft.reminder')).toEqual(['ada', 'chi']);
    at(2 + 11 / 24 - 1 / 86_400);
    await remindPeople();
    expect(await kept('bo')).toEqual([]);
    at(2 + 11 / 24); // 08:00 in Tokyo
    await remindPeople();
    expect(await kept('bo')).toEqual([`due 1 on day ${2 + 11 / 24}`]);
    expect(await mails('draft.reminder', 'bo')).toMatchObject([{ nextAt: runtime.clock.now() }]);
  });

  it('that a person changes count from the next look on', async () => {
    at(2);
    await remindPeople();
    await runtime.db.mailHours.update({ where: { personName: 'bo' }, data: { quietFrom: 1 } });
    at(2 + 1 / 24);
    await remindPeople();
    expect(await kept('bo')).toEqual([`due 1 on day ${2 + 1 / 24}`]);
    await runtime.db.mailHours.update({ where: { personName: 'bo' }, data: sleeper });
  });
});

describe('a person who puts a draft off', () => {
  it('hears of it when the time is over, and others hear as ever', async () => {
    await silenceDraft(world.bo.actor, { draft, wish: 'a-week' });
    await days(1, 6);
    expect(await kept('bo')).toEqual([]);
    expect((await kept('chi')).length).toBe(2);
    await days(7, 7);
    expect(await kept('bo')).toEqual(['due 1 on day 7']);
  });

  it('is warned before the end all the same', async () => {
    at(26);
    await silenceDraft(world.bo.actor, { draft, wish: 'a-week' });
    await days(26, 29);
    expect(await kept('bo')).toEqual(['deadline 1 on day 27']);
  });

  it('and mutes it hears nothing more, and as ever again after taking it back', async () => {
    await silenceDraft(world.bo.actor, { draft, wish: 'mute' });
    await days(1, 28);
    expect(await kept('bo')).toEqual([]);
    await silenceDraft(world.bo.actor, { draft, wish: 'none' });
    await remindPeople();
    expect(await kept('bo')).toEqual(['deadline 1 on day 28']);
  });

  it('or switched reminders off gets none, and is not counted as reminded', async () => {
    const off = { personName: 'bo', projectName: world.project, topic: 'reminder', delivery: 'off' };
    await runtime.db.mailChoice.create({ data: off });
    await days(1, 5);
    expect(await kept('bo')).toEqual([]);
    expect((await kept('chi')).length).toBe(2);
    await runtime.db.mailChoice.deleteMany();
    await days(6, 6);
    expect(await kept('bo')).toEqual(['due 1 on day 6']);
  });

  it('has it in their own history, and nobody else does', async () => {
    await silenceDraft(world.bo.actor, { draft, wish: 'a-day' });
    const own = await historyOf(world.bo.actor, { person: true });
    expect(own.lines[0]?.says).toMatch(/^put reminders of the draft of sunrise 3\.\d+ off until \d{4}-/);
    const { lines } = await historyOf(world.ada.actor, { draft });
    const ofProject = await historyOf(world.ada.actor, { project: world.project });
    const { happened } = await home(world.ada.actor);
    const { history } = await draftPage(world.ada.actor, draft);
    const told = [...lines, ...ofProject.lines, ...happened, ...history].map(({ kind }) => kind);
    expect(told).toContain('draft.opened');
    expect(told).not.toContain('draft.silenced');
  });

  it('can choose no other word, no draft of others, and none that has ended', async () => {
    const silence = (wish: string, actor = world.bo.actor) => silenceDraft(actor, { draft, wish });
    await expectRefusal(() => silence('for ever'), 'input.not-a');
    await expectRefusal(() => silence('mute', personActor('stranger')), 'draft.not-found');
    await withdrawDraft(world.ada.actor, { draft, reason: 'a mistake' });
    await expectRefusal(() => silence('mute'), 'draft.not-now');
  });
});
