// The outbox against a real mail server that refuses, stalls, dies or is not there: what is tried again, what is given up, what is never sent
// twice, and that signing goes on meanwhile.
import { createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAccountName } from '#lib/core/ids.ts';
import { startJobs } from '#jobs/loop.ts';
import { change } from '#lib/server/change.ts';
import { limits } from '#lib/server/limits.ts';
import { readMailAddress } from '#lib/server/mail/address.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import { deliverMail, openTransport, type OutgoingMail, type Transport } from '#lib/server/mail/deliver.ts';
import { kindOfFailure } from '#lib/server/mail/failure.ts';
import { pruneMail } from '#lib/server/mail/prune-mail.ts';
import { openSmtpSink, type SmtpSink } from '../support/smtp-sink.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makeWorld, signDraft } from '../support/story.ts';

let runtime: TestRuntime;
let sink: SmtpSink;

beforeAll(async () => {
  sink = await openSmtpSink();
  runtime = await openTestRuntime({ environment: { SMTP_URL: sink.url } });
});
afterAll(async () => {
  await runtime.close();
  await sink.close();
});
beforeEach(async () => {
  sink.clear();
  runtime.setTime('2026-11-22T09:00:00Z');
  await runtime.db.mail.deleteMany({});
});
afterEach(() => void (runtime.config.smtpUrl = sink.url));

const letter: Letter = {
  ...{ event: 'policy.opened', subject: 'A policy was proposed', reason: 'you sign for it' },
  parts: [{ paragraph: 'It needs you.' }],
};
const queue = (more: Partial<Letter> = {}, to = 'bo@example.org') =>
  change({ kind: 'jobs' }, 'jobs', async ({ record, mail }) => {
    await record('policy.proposed');
    await mail({ address: readMailAddress(to), person: readAccountName('bo') }, { ...letter, ...more });
  });

async function deliver(wrap: (transport: Transport) => Transport = (one) => one): Promise<number> {
  const transport = openTransport();
  try {
    return await deliverMail(wrap(transport));
  } finally {
    transport.close();
  }
}
const row = () => runtime.db.mail.findFirstOrThrow();

describe('a mail that the server refuses', () => {
  it('for good (5xx) is given up at once, with the words of the server, and never sent again', async () => {
    await queue();
    sink.answer = () => ({ code: 550, says: '5.1.1 no such mailbox here' });
    expect(await deliver()).toBe(0);
    expect(await row()).toMatchObject({ sentAt: null, claimedAt: null, failure: 'refused', attempts: 1 });
    expect((await row()).failedAt).toEqual(runtime.clock.now());
    expect((await row()).lastError).toContain('no such mailbox here');
    sink.answer = () => null;
    runtime.advance(limits.mailGiveUpMs);
    expect([await deliver(), sink.mails.length]).toEqual([0, 0]);
  });

  it('for now (4xx) is tried again with growing pauses and the same Message-ID, and given up after five days', async () => {
    await queue();
    sink.answer = () => ({ code: 451, says: '4.7.1 greylisted' });
    const tries: number[] = [];
    const begin = runtime.clock.now().getTime();
    for (;;) {
      await deliver();
      const mail = await row();
      tries.push(runtime.clock.now().getTime() - begin);
      if (mail.failedAt) break;
      runtime.setTime(mail.nextAt.toISOString());
    }
    expect(await row()).toMatchObject({ failure: 'too-old', sentAt: null });
    expect(tries.slice(0, 4)).toEqual([0, 30_000, 90_000, 210_000]);
    const last = tries.at(-1) ?? 0;
    expect(last).toBeGreaterThan(limits.mailGiveUpMs - limits.mailBackOffMsMax);
    expect(last).toBeLessThan(limits.mailGiveUpMs);
    expect(sink.offered).toHaveLength(tries.length);
    expect(new Set(sink.offered.map(({ parsed }) => parsed.messageId)).size).toBe(1);
  });

  it('is not sent any more when its link has died', async () => {
    await queue({ until: new Date('2026-11-22T09:15:00Z') });
    sink.answer = () => ({ code: 451, says: '4.7.1 greylisted' });
    await deliver();
    expect((await row()).failedAt).toBeNull();
    sink.answer = () => null;
    runtime.setTime('2026-11-22T09:16:00Z');
    expect(await deliver()).toBe(0);
    expect(await row()).toMatchObject({ failure: 'too-old', sentAt: null });
    expect(sink.mails).toHaveLength(0);
  });

  it('does not hold up the mail of others', async () => {
    for (const name of ['ada', 'bo', 'chi']) await queue({}, `${name}@example.org`);
    sink.answer = ({ to }) => (to.includes('bo@example.org') ? { code: 550, says: 'no' } : null);
    expect(await deliver()).toBe(2);
    expect(sink.mails.flatMap(({ to }) => to).sort()).toEqual(['ada@example.org', 'chi@example.org']);
  });
});

describe('what a fault of the mailer means', () => {
  it.each([
    ['refused', { responseCode: 550, command: 'RCPT TO' }],
    ['refused', { responseCode: 554, command: 'DATA' }],
    ['later', { responseCode: 450, command: 'RCPT TO' }],
    ['later', { responseCode: 452, command: 'DATA' }],
    // About us: a wrong password must not throw away the mail of everybody.
    ['unreachable', { responseCode: 535, command: 'AUTH PLAIN', code: 'EAUTH' }],
    ['unreachable', { responseCode: 553, command: 'MAIL FROM', code: 'EENVELOPE' }],
    ['unreachable', { responseCode: 554, command: 'CONN', code: 'EPROTOCOL' }],
    ['unreachable', { code: 'ECONNECTION', command: 'CONN' }],
    ['unreachable', { code: 'ETIMEDOUT', command: 'DATA' }],
    ['later', {}],
  ])('%s: %j', (kind, fault) => expect(kindOfFailure(Object.assign(new Error('x'), fault))).toBe(kind));
});

describe('a mail server that is not there', () => {
  it('is asked once a pass and not for every mail; all of it goes out when it is back', async () => {
    for (let mails = 0; mails < 20; mails += 1) await queue();
    const { port } = new URL(runtime.config.smtpUrl ?? '');
    runtime.config.smtpUrl = 'smtp://127.0.0.1:1';
    expect(await deliver()).toBe(0);
    const tried = await runtime.db.mail.count({ where: { attempts: { gt: 0 } } });
    expect(tried).toBeLessThanOrEqual(limits.mailsAtOnce);
    runtime.config.smtpUrl = `smtp://127.0.0.1:${port}`;
    runtime.advance(limits.mailBackOffMs);
    expect(await deliver()).toBe(20);
    expect(sink.mails).toHaveLength(20);
  });

  it('never holds up signing, and what jobs has to do besides', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    runtime.config.smtpUrl = `smtp://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const world = await makeWorld();
    const { draft } = await makeDraft(world.ada, world.project);
    let asked: () => void = () => undefined;
    const stepped = new Promise<void>((resolve) => (asked = resolve));
    const connected = new Promise<void>((resolve) => silent.once('connection', () => resolve()));
    const jobs = startJobs(runtime, [
      { name: 'deliver mail', beside: true, run: (transport) => deliverMail(transport) },
      { name: 'what comes after', run: async () => asked() },
    ]);
    await Promise.all([connected, stepped]);
    await signDraft(world.bo, draft);
    expect(await runtime.db.signature.count({ where: { draftId: draft } })).toBe(1);
    expect(await runtime.db.mail.count({ where: { sentAt: { not: null } } })).toBe(0);
    silent.on('connection', (socket) => socket.destroy());
    for (const socket of sockets) socket.destroy();
    await jobs.stop();
    await new Promise((resolve) => silent.close(resolve));
  });
});

describe('a mail is never sent twice', () => {
  it('by two programs at once', async () => {
    for (let mails = 0; mails < 12; mails += 1) await queue();
    const sent = await Promise.all([deliver(), deliver(), deliver()]);
    expect(sent.reduce((sum, one) => sum + one, 0)).toBe(12);
    expect(new Set(sink.mails.map(({ parsed }) => parsed.messageId)).size).toBe(12);
    expect(sink.mails).toHaveLength(12);
  });

  it('by a slow send: it is cut off long before somebody else may take the mail over', () => {
    expect(limits.mailSendMs * 2).toBeLessThan(limits.mailClaimMs);
  });

  it('and whoever lost the claim writes nothing over what the other wrote', async () => {
    await queue();
    const losing = (transport: Transport): Transport => ({
      ...transport,
      send: async (mail: OutgoingMail) => {
        await runtime.db.mail.update({ where: { id: mail.id }, data: { claimedAt: new Date('2026-11-22T10:00:00Z') } });
        throw Object.assign(new Error('no'), { responseCode: 550, command: 'DATA' });
      },
    });
    await deliver(losing);
    expect(await row()).toMatchObject({ failedAt: null, lastError: null });
  });
});

describe('the text of a mail', () => {
  it('is deleted some days after it was sent, and what is left says to whom and what about', async () => {
    await queue({ parts: [{ link: 'https://sign.example.org/d/secret', says: 'Look' }] });
    await deliver();
    runtime.advance(limits.mailTextKeptMs - 1);
    expect(await pruneMail()).toBe(0);
    runtime.advance(1);
    expect(await pruneMail()).toBe(1);
    const mail = await row();
    expect(JSON.stringify(mail)).not.toContain('secret');
    expect(mail).toMatchObject({ toAddress: 'bo@example.org', subject: letter.subject, text: '', html: '' });
    expect(await pruneMail()).toBe(0);
  });

  it('is kept while it waits, and longer where it was given up', async () => {
    await queue();
    runtime.advance(limits.mailTextKeptMs * 3);
    expect(await pruneMail()).toBe(0);
    await runtime.db.mail.updateMany({ data: { failedAt: runtime.clock.now(), failure: 'refused' } });
    runtime.advance(limits.mailTextKeptMs);
    expect(await pruneMail()).toBe(0);
    runtime.advance(limits.failedMailTextKeptMs);
    expect(await pruneMail()).toBe(1);
  });
});
