// The jobs program, a real process, killed with SIGKILL at the one moment that SMTP leaves open: the mail server has taken the mail and the row does
// not say so yet. Nothing is lost; what may come a second time is, for every reader, the same mail.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitCode } from '#lib/core/errors.ts';
import { readAccountName } from '#lib/core/ids.ts';
import { change } from '#lib/server/change.ts';
import { limits } from '#lib/server/limits.ts';
import { readMailAddress } from '#lib/server/mail/address.ts';
import { databaseKind } from '../support/database.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { openSmtpSink, type SmtpSink } from '../support/smtp-sink.ts';

let world: TestRuntime;
let sink: SmtpSink;
let running: ChildProcess[] = [];

beforeEach(async () => {
  // The process has the clock of the machine, so the rows have it too.
  world = await openTestRuntime({ at: new Date().toISOString() });
  sink = await openSmtpSink();
});
afterEach(async () => {
  await Promise.all(running.map(kill));
  running = [];
  await sink.close();
  await world.close();
});

const main = path.join(import.meta.dirname, '..', '..', 'jobs', 'main.ts');

function startJobsProgram(): ChildProcess {
  const { databaseUrl, dataFolder, publicUrl } = world.config;
  const env: NodeJS.ProcessEnv = {
    ...{ NODE_ENV: 'test', PATH: process.env['PATH'], DATABASE_URL: databaseUrl ?? '', DATA_DIR: dataFolder },
    ...{ PUBLIC_URL: publicUrl, SMTP_URL: sink.url },
  };
  const child = spawn(process.execPath, ['--import', 'tsx', main], { env, stdio: 'ignore' });
  running.push(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

const queue = (name: string) =>
  change({ kind: 'jobs' }, 'jobs', async ({ record, mail }) => {
    await record('policy.proposed');
    const to = { address: readMailAddress(`${name}@example.org`), person: readAccountName(name) };
    await mail(to, { event: 'policy.opened', subject: `To ${name}`, parts: [{ paragraph: 'x' }], reason: 'you sign' });
  });

const people = ['ada', 'bo', 'chi', 'dora'];
const copiesOf = (name: string) => sink.mails.filter(({ to }) => to.includes(`${name}@example.org`));
const unsent = () => world.db.mail.count({ where: { sentAt: null } });

/** Polls, since the rows are written by another process; the bound is for a machine that stands still. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await holds()) return;
    await pause(200);
  }
  throw new Error('It never came to hold.');
}

/** The embedded database belongs to one process: there the loop runs inside the web program, and this one says so and sends nothing. */
async function refusesTheEmbeddedDatabase(): Promise<void> {
  await queue('ada');
  const [code] = (await once(startJobsProgram(), 'exit')) as [number | null];
  expect(code).toBe(exitCode.invalid);
  expect([await unsent(), sink.offered.length]).toEqual([1, 0]);
}

describe('the jobs program, killed between sending and marking', () => {
  it('loses no mail, sends none again while its claim stands, and then the same one', async () => {
    if (databaseKind() === 'embedded') return refusesTheEmbeddedDatabase();
    for (const name of people.slice(0, 3)) await queue(name);
    const first = startJobsProgram();
    sink.answer = async () => {
      await kill(first);
      return null;
    };
    await sink.next(() => true, 60_000);
    await until(async () => first.signalCode === 'SIGKILL');
    sink.answer = () => null;
    await queue('dora');
    const startedAt = new Date();
    startJobsProgram();
    await sink.next(({ to }) => to.includes('dora@example.org'), 60_000);
    // What nobody had claimed is sent; what the dead one had claimed stands still, whether the mail server has it or not.
    const ofTheLiving = { sentAt: null, OR: [{ claimedAt: null }, { claimedAt: { gte: startedAt } }] };
    await until(async () => (await world.db.mail.count({ where: ofTheLiving })) === 0);
    const claimed = await world.db.mail.findMany({ where: { sentAt: null } });
    const before = new Map(people.map((name) => [name, copiesOf(name).length]));
    expect(Math.max(...before.values())).toBe(1);
    expect(claimed.filter(({ toAddress }) => before.get(toAddress.split('@')[0] ?? '') === 1)).not.toEqual([]);

    const lapsed = new Date(Date.now() - limits.mailClaimMs);
    await world.db.mail.updateMany({ where: { sentAt: null }, data: { claimedAt: lapsed } });
    await until(async () => (await unsent()) === 0);
    for (const name of people) {
      const copies = copiesOf(name);
      const isAgain = claimed.some(({ toAddress }) => toAddress === `${name}@example.org`);
      expect([name, copies.length]).toEqual([name, (before.get(name) ?? 0) + (isAgain ? 1 : 0)]);
      expect(new Set(copies.map(({ parsed }) => parsed.messageId)).size).toBe(1);
      expect(new Set(copies.map(({ parsed }) => parsed.date)).size).toBe(1);
      expect(new Set(copies.map(({ parsed }) => parsed.text)).size).toBe(1);
    }
  });
});
