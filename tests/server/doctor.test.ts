// The doctor: finds what is wrong, says what to do, and changes nothing.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuse } from '#lib/core/errors.ts';
import { readConfig } from '#lib/server/config.ts';
import type { Database } from '#lib/server/db/client.ts';
import { migrate, readMigrations } from '#lib/server/db/migrate.ts';
import { examine } from '#lib/server/doctor/examine.ts';
import type { DoctorFinding } from '#lib/server/doctor/finding.ts';
import { compareClocks } from '#lib/server/doctor/reach.ts';
import { limits } from '#lib/server/limits.ts';
import { migrationsFolder } from '#lib/server/open-runtime.ts';
import { openEmptyDatabase } from '../support/database.ts';
import { instanceOverview } from '#lib/server/queries/instance-overview.ts';
import { expectRefusal, takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { openSmtpSink, type SmtpSink } from '../support/smtp-sink.ts';
import { makeDraft, makeWorld } from '../support/story.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cs-doctor-'));
const migrations = readMigrations(migrationsFolder());
let world: TestRuntime;
let sink: SmtpSink;
let site: Server;
let publicUrl: string;
let says: object = {};

beforeAll(async () => {
  world = await openTestRuntime();
  const { ada, project } = await makeWorld();
  await makeDraft(ada, project);
  sink = await openSmtpSink();
  site = createServer((_, res) => void res.end(JSON.stringify(says)));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  publicUrl = `http://localhost:${(site.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await world.close();
  await sink.close();
  await new Promise((resolve) => site.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

type Given = { open?: () => Promise<Database>; now?: Date; testAddress?: string };

function look(environment: Record<string, string> = {}, given: Given = {}): Promise<DoctorFinding[]> {
  const config = readConfig({ DATA_DIR: world.config.dataFolder, PUBLIC_URL: publicUrl, ...environment });
  // The database of the test stays open.
  const shared = { ...world.database, close: async () => undefined };
  const { open = async () => shared, now = world.clock.now(), testAddress = null } = given;
  return examine(config, { open, migrations, now, testAddress });
}
const of = (findings: DoctorFinding[], check: string): string[] =>
  findings.filter((one) => one.check === check).map((one) => `${one.state}: ${one.says}`);

describe('the doctor', () => {
  it('finds an instance in order good, and changes no row and no file', async () => {
    const before = await takePicture();
    says = { index: new URL(publicUrl).host, version: '0.1.0' };
    const found = await look({ SMTP_URL: sink.url });
    for (const check of ['database', 'migrations', 'file store', 'mail server', 'public address', 'mail', 'root'])
      expect(of(found, check)).toEqual([expect.stringMatching(/^good: /)]);
    expect(of(found, 'index key')).toEqual([expect.stringMatching(/^broken: .*is not at/)]);
    expect(found.filter(({ remedy, state }) => remedy === null && ['warning', 'broken'].includes(state))).toEqual([]);
    expect(await takePicture()).toEqual(before);
    expect(sink.mails).toHaveLength(0);
  });

  it('sends a mail where an address is given', async () => {
    await look({ SMTP_URL: sink.url }, { testAddress: 'operator@example.org' });
    expect(sink.mails.map(({ to }) => to)).toEqual([['operator@example.org']]);
  });

  it('says that mail is late, that a step fails, and that nobody hears of the countersigner', async () => {
    const now = new Date(world.clock.now().getTime() + limits.mailLateMs + 60_000);
    const long = new Date(now.getTime() - 3_600_000);
    await world.db.countersignerContact.create({ data: { id: 1, seenAt: long } });
    const failing = { name: 'deliver mail', ranAt: long, failedAt: now, fault: 'no route to host' };
    await world.db.jobStep.create({ data: failing });
    const found = await look({}, { now });
    expect(of(found, 'mail')).toEqual(['warning: Mail waits for 16 minutes.']);
    expect(of(found, 'countersigner')).toEqual(['warning: Last heard of 60 minutes ago.']);
    expect(of(found, 'jobs')).toEqual([
      'warning: Last heard of 60 minutes ago.',
      'warning: Steps fail: deliver mail: no route to host',
    ]);
  });

  it('says what does not fit together for an address that others reach', async () => {
    const found = await look({ PUBLIC_URL: 'http://sign.example.invalid' });
    expect(of(found, 'settings')).toEqual([
      expect.stringContaining('broken: People would send sign-in links and cookies'),
      expect.stringContaining('broken: There is no mail server'),
      expect.stringContaining('note: The database is embedded'),
    ]);
    expect(of(found, 'public address')).toEqual([expect.stringContaining('warning: Nothing of ours answers')]);
  });

  it('finds a public address that leads to another index, whatever it answers', async () => {
    for (const answer of [{ index: 'other.example.org', version: '1' }, { index: 7 }, {}]) {
      says = answer;
      expect(of(await look(), 'public address')).toEqual([expect.stringContaining('broken: ')]);
    }
  });

  it('finds a mail server that refuses, a certificate that is none, a folder that is open to everybody', async () => {
    writeFileSync(path.join(folder, 'index.asc'), 'no certificate');
    chmodSync(folder, 0o755);
    const found = await look({
      ...{ SMTP_URL: 'smtp://127.0.0.1:1', INDEX_KEY_FILE: path.join(folder, 'index.asc'), DATA_DIR: folder },
    });
    expect(of(found, 'mail server')).toEqual([expect.stringContaining('broken: It says: ')]);
    expect(of(found, 'index key')).toEqual([expect.stringContaining('broken: ')]);
    expect(of(found, 'data folder')).toEqual([expect.stringContaining('warning: Everybody on this machine')]);
  });

  it('takes a database that a program has for what it is, and one that cannot be opened as broken', async () => {
    const held = refuse('database.held', { folder, pid: 7, startedAt: '2026-11-22T09:00:00Z' });
    expect(of(await look({}, { open: () => Promise.reject(held) }), 'database')).toEqual([
      expect.stringContaining('good: In use'),
    ]);
    const away = await look({}, { open: () => Promise.reject(new Error('connect ECONNREFUSED')) });
    expect(of(away, 'database')).toEqual(['broken: It cannot be opened: connect ECONNREFUSED']);
  });

  it('shows the operator the same, with the steps of jobs, behind the secret address alone', async () => {
    const { findings, steps } = await instanceOverview(world.secrets.operator);
    for (const check of [
      'mail',
      'publications',
      'countersigner',
      'jobs',
      'freshness',
      'file store',
      'database',
      'disk',
    ])
      expect(of(findings, check).length).toBeGreaterThan(0);
    expect(steps).toMatchObject([{ step: 'deliver mail', fault: 'no route to host' }]);
    await expectRefusal(() => instanceOverview('another-secret'), 'operator.not-found');
  });

  it('tells missing migrations from those of a newer program, and applies none', async () => {
    const empty = await openEmptyDatabase();
    const shared = { ...empty, close: async () => undefined };
    const open = async (): Promise<Database> => shared;
    expect(of(await look({}, { open }), 'migrations')).toEqual([
      expect.stringContaining('note: The database is empty'),
    ]);
    await migrate(empty, migrations.slice(0, -1));
    expect(of(await look({}, { open }), 'migrations')).toEqual(['warning: 1 are not applied.']);
    await migrate(empty, migrations);
    await empty.script((script) =>
      script.run(`UPDATE "_prisma_migrations" SET migration_name = 'later'
      WHERE migration_name = '${migrations.at(-1)?.name ?? ''}'`),
    );
    expect(of(await look({}, { open }), 'migrations')).toEqual([expect.stringContaining('broken: ')]);
    await empty.close();
  });
});

it.each([
  [0, 'good'],
  [5_001, 'warning'],
  [-120_001, 'broken'],
])('clocks that differ by %i ms are %s', (skew, state) =>
  expect(compareClocks('another', 1e12, 1e12 + skew).state).toBe(state),
);
