// The daily mail: at the hour of the person, once, with what still stands by then.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAccountName } from '#lib/core/ids.ts';
import { sendDailyMail } from '#lib/server/commands/send-daily-mail.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makeWorld, signDraft, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let versions = 0;
let draft: string;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
});
afterAll(() => runtime.close());

// Bo reads once a day, at eight in Berlin: seven by UTC. Every test begins at nine by UTC with a new draft.
beforeEach(async () => {
  runtime.setTime('2026-11-22T09:00:00Z');
  for (const table of ['mail', 'digestItem', 'mailChoice', 'mailHours', 'draftSilence', 'personalLink'] as const)
    await (runtime.db[table] as { deleteMany(): Promise<unknown> }).deleteMany();
  const hours = { timeZone: 'Europe/Berlin', quietFrom: null, quietTo: null, digestHour: 8 };
  await runtime.db.mailHours.create({ data: { personName: 'bo', ...hours } });
  for (const topic of ['needs-signature', 'draft-ended', 'published'])
    await runtime.db.mailChoice.create({ data: { personName: 'bo', projectName: '*', topic, delivery: 'daily' } });
  versions += 1;
  ({ draft } = await makeDraft(world.ada, world.project, `1.${versions}`));
});

const next = '2026-11-23T07:00:00Z';
const mails = () => runtime.db.mail.findMany({ where: { event: 'mail.digest' } });
const waiting = () => runtime.db.digestItem.count();

describe('the daily mail', () => {
  it('comes at the hour of the person and not before, and then holds what came', async () => {
    expect(await waiting()).toBe(1);
    expect(await runtime.db.mail.count({ where: { toPerson: 'bo', event: 'draft.opened' } })).toBe(0);
    runtime.setTime('2026-11-23T06:59:59Z');
    expect(await sendDailyMail()).toEqual({ queued: 0 });
    runtime.setTime(next);
    expect(await sendDailyMail()).toEqual({ queued: 1 });
    const [mail] = await mails();
    expect(mail).toMatchObject({ toPerson: 'bo', subject: 'Your daily mail: 1 thing, 1 waits for your signature' });
    expect(mail?.text).toContain(`1.${versions} needs your signature`);
    expect(mail?.headers).toMatchObject({ 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' });
    expect(await waiting()).toBe(0);
  });

  it('comes once, also when two programs send it, and one that stood still for days sends one', async () => {
    runtime.setTime('2026-11-26T12:00:00Z');
    const both = await Promise.all([sendDailyMail(), sendDailyMail()]);
    expect(both.reduce((sum, { queued }) => sum + queued, 0)).toBe(1);
    expect(await sendDailyMail()).toEqual({ queued: 0 });
    expect(await mails()).toHaveLength(1);
  });

  it('leaves what came after its hour for tomorrow', async () => {
    runtime.setTime('2026-11-23T07:30:00Z');
    await withdrawDraft(world.ada.actor, { draft, reason: 'a mistake' });
    runtime.setTime('2026-11-23T07:31:00Z');
    await sendDailyMail();
    expect(await waiting()).toBe(1);
    runtime.setTime('2026-11-24T07:00:00Z');
    expect(await sendDailyMail()).toEqual({ queued: 1 });
    expect((await mails()).at(-1)?.text).toContain('was withdrawn');
  });

  it('keeps no token while it waits, and gives a link that opens the draft when it is made', async () => {
    const before = await runtime.db.personalLink.count({ where: { personName: 'bo' } });
    const [item] = await runtime.db.digestItem.findMany();
    expect(JSON.stringify(item)).not.toContain('/d/');
    runtime.setTime(next);
    await sendDailyMail();
    expect(await runtime.db.personalLink.count({ where: { personName: 'bo' } })).toBe(before + 1);
    expect((await mails())[0]?.text).toMatch(/https:\/\/sign\.example\.org\/d\/[\w-]{43}\n/);
  });
});

describe('what the daily mail leaves out', () => {
  const nothingComes = async () => {
    runtime.setTime(next);
    expect(await sendDailyMail()).toEqual({ queued: 0 });
    expect([await mails(), await waiting()]).toEqual([[], 0]);
  };

  it('a call for a signature that is given', async () => {
    await signDraft(world.bo, draft);
    await nothingComes();
  });

  it('a call for a signature that nobody waits for any more', async () => {
    await runtime.db.mailChoice.updateMany({ where: { topic: 'draft-ended' }, data: { delivery: 'off' } });
    await withdrawDraft(world.ada.actor, { draft, reason: 'a mistake' });
    await nothingComes();
  });

  it('what was switched off meanwhile', async () => {
    await runtime.db.mailChoice.updateMany({ data: { delivery: 'off' } });
    await nothingComes();
  });

  it('a draft that was muted meanwhile', async () => {
    await runtime.db.draftSilence.create({ data: { draftId: draft, personName: 'bo', setAt: runtime.clock.now() } });
    await nothingComes();
  });

  it('the inside of a project that the person left meanwhile', async () => {
    const membership = { projectName: world.project, personName: readAccountName('bo'), role: 'maintainer' };
    await runtime.db.membership.deleteMany({ where: { personName: 'bo' } });
    await nothingComes();
    await runtime.db.membership.create({ data: membership });
  });
});
