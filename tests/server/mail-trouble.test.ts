// Who sees that mail does not arrive: the operator all of it, the owners of a project what is about it, and the person. And trying it again.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { retryMail } from '#lib/server/commands/retry-mail.ts';
import { limits } from '#lib/server/limits.ts';
import { deliverMail, openTransport } from '#lib/server/mail/deliver.ts';
import { mailSettings } from '#lib/server/queries/mail-settings.ts';
import { outbox } from '#lib/server/queries/outbox.ts';
import { peoplePage } from '#lib/server/queries/people-page.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { openSmtpSink, type SmtpSink } from '../support/smtp-sink.ts';
import {
  makeDraft,
  makePerson,
  makeProject,
  makeWorld,
  visitor,
  type TestPerson,
  type World,
} from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let eve: TestPerson;
let sink: SmtpSink;
let versions = 0;

beforeAll(async () => {
  sink = await openSmtpSink();
  runtime = await openTestRuntime({ environment: { SMTP_URL: sink.url } });
  world = await makeWorld();
  eve = await makePerson('eve');
  await makeProject(eve, 'elsewhere');
});
afterAll(async () => {
  await runtime.close();
  await sink.close();
});
beforeEach(async () => {
  runtime.setTime('2026-11-22T09:00:00Z');
  sink.clear();
  await runtime.db.mail.deleteMany({});
});

async function deliver(): Promise<void> {
  const transport = openTransport();
  await deliverMail(transport);
  transport.close();
}
const bounce = () => ({ code: 550, says: '5.1.1 <bo@example.org>: no such mailbox' });

/** Ada opens a draft, which is told to bo; the mails to others are none of this. */
async function tellBo(): Promise<void> {
  versions += 1;
  await makeDraft(world.ada, world.project, `2.${versions}`);
  await runtime.db.mail.deleteMany({ where: { toPerson: { not: 'bo' } } });
  await deliver();
}
const troubleFor = async (person: TestPerson, project: string = world.project) =>
  (await peoplePage(person.actor, project)).mailTrouble;

describe('mail to somebody that does not arrive', () => {
  it('is told to the owners of the project it is about, without what the mail server said, and to the person', async () => {
    sink.answer = bounce;
    await tellBo();
    await tellBo();
    const told = [{ person: 'bo', failed: 2, isRefused: true, lastAt: runtime.clock.now() }];
    expect(await troubleFor(world.ada)).toEqual(told);
    expect((await mailSettings(world.bo.actor)).trouble).toEqual(told);
    expect((await mailSettings(world.ada.actor)).trouble).toEqual([]);
    expect(await troubleFor(world.bo)).toEqual([]);
    expect(await troubleFor(eve)).toEqual([]);
    expect(await troubleFor(eve, 'elsewhere')).toEqual([]);
    expect((await peoplePage(visitor, world.project)).mailTrouble).toEqual([]);
  });

  it('is over with the next mail that arrives, and forgotten after a month', async () => {
    sink.answer = bounce;
    await tellBo();
    runtime.advance(1000);
    sink.answer = () => null;
    await tellBo();
    expect(await troubleFor(world.ada)).toEqual([]);
    sink.answer = bounce;
    runtime.advance(1000);
    await tellBo();
    expect(await troubleFor(world.ada)).toMatchObject([{ failed: 1 }]);
    runtime.advance(limits.mailTroubleMs);
    expect(await troubleFor(world.ada)).toEqual([]);
  });
});

describe('the outbox', () => {
  const secret = () => runtime.secrets.operator;

  it('shows the operator what waits and what was given up, and why, but no text of a mail', async () => {
    sink.answer = bounce;
    await tellBo();
    sink.answer = () => ({ code: 451, says: 'greylisted' });
    await tellBo();
    const box = await outbox(secret());
    expect(box).toMatchObject({ hasServer: true, waitingCount: 1, failedCount: 1, sentLastDay: 0, lastSentAt: null });
    expect(box.failed[0]).toMatchObject({
      to: world.bo.address,
      attempts: 1,
      failed: { why: 'refused', canRetry: true },
    });
    expect(box.failed[0]?.lastError).toContain('no such mailbox');
    expect(box.waiting[0]).toMatchObject({ nextAt: new Date('2026-11-22T09:00:30Z'), failed: null });
    expect(JSON.stringify(box)).not.toContain('/d/');
  });

  it('is for whoever has the secret of the data folder, and that is not the one of the mailbox', async () => {
    for (const wrong of ['', 'guess', runtime.secrets.mailbox, runtime.secrets.handoff]) {
      await expectRefusal(() => outbox(wrong), 'operator.not-found');
      await expectRefusal(() => retryMail(visitor, { secret: wrong, mail: 'x' }), 'operator.not-found');
    }
  });

  it('tries again what was given up, as the same mail', async () => {
    sink.answer = bounce;
    await tellBo();
    const before = await runtime.db.mail.findFirstOrThrow();
    sink.answer = () => null;
    await retryMail(visitor, { secret: secret(), mail: before.id });
    await deliver();
    expect(sink.mails.map(({ parsed }) => parsed.messageId)).toEqual([before.messageId]);
    expect(await troubleFor(world.ada)).toEqual([]);
    await expectRefusal(() => retryMail(visitor, { secret: secret(), mail: before.id }), 'mail.no-retry');
  });

  it('does not try what has no text any more, whose link has died, that is being sent, or that is not there', async () => {
    sink.answer = bounce;
    await tellBo();
    const { id } = await runtime.db.mail.findFirstOrThrow();
    const refused = () => expectRefusal(() => retryMail(visitor, { secret: secret(), mail: id }), 'mail.no-retry');
    const set = (data: object) => runtime.db.mail.update({ where: { id }, data });
    await set({ uselessAt: runtime.clock.now() });
    await refused();
    await set({ uselessAt: null, claimedAt: runtime.clock.now() });
    await refused();
    await set({ claimedAt: null, prunedAt: runtime.clock.now(), text: '', html: '' });
    await refused();
    expect((await outbox(secret())).failed[0]?.failed?.canRetry).toBe(false);
    await expectRefusal(() => retryMail(visitor, { secret: secret(), mail: 'absent' }), 'mail.no-retry');
  });
});
