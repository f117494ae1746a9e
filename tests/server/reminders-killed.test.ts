// The program that reminds, a real process, killed with SIGKILL when it has written every reminder and committed none. On both databases: the
// embedded one belongs to that process, and is opened again after it.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { remindPeople } from '#lib/server/commands/remind-people.ts';
import { readConfig } from '#lib/server/config.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import type { FromApp, ToApp } from '../support/app-process.ts';
import { databaseKind, openTestDatabase, type TestDatabase } from '../support/database.ts';
import { ready } from '../support/race-commands.ts';
import { makeDraft, makeWorld } from '../support/story.ts';

const day = 86_400_000;
const opened = Date.parse('2026-11-22T09:00:00Z');
let now: number;
let folder: string;
let database: TestDatabase | null;
let environment: Record<string, string>;

beforeEach(async () => {
  now = opened;
  folder = mkdtempSync(path.join(tmpdir(), 'countersign-test-'));
  database = databaseKind() === 'postgres' ? await openTestDatabase() : null;
  const url = database?.url ?? null;
  environment = {
    DATA_DIR: folder,
    PUBLIC_URL: 'https://sign.example.org',
    ...(url !== null && { DATABASE_URL: url }),
  };
});
afterEach(async () => {
  await database?.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = () => openRuntime(readConfig(environment), { clock: { now: () => new Date(now) } });

/** Starts it, and resolves when it is dead: killed at the moment at which it reaches this point. */
async function remindAndDieAt(point: string): Promise<void> {
  const file = path.join(import.meta.dirname, '..', 'support', 'app-process.ts');
  const child: ChildProcess = fork(file, { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
  const say = (message: ToApp): void => void child.send(message);
  child.on('message', (message: FromApp) => {
    if (message.kind === 'opened') say({ kind: 'run', id: 1, ready: ready('remindPeople'), now });
    if (message.kind === 'reached' && message.point !== point) say({ kind: 'pass', id: message.id });
    if (message.kind === 'reached' && message.point === point) child.kill('SIGKILL');
    if (message.kind === 'ended') child.kill('SIGTERM'); // it never came there
  });
  say({ kind: 'open', environment, now });
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
}

/** Two programs start and a database is made twice; on a busy machine that takes its time. */
const patience = 300_000;

it(
  'killed before it has committed, it leaves no reminder, and the next one sends each once',
  { timeout: patience },
  async () => {
    const before = await open();
    const { ada, project } = await makeWorld();
    const { draft } = await makeDraft(ada, project);
    await before.close();
    now = opened + 2 * day;

    await remindAndDieAt('reminders.sent');

    const after = await open();
    const reminders = () =>
      after.db.mail.findMany({ where: { event: 'draft.reminder' }, orderBy: { toPerson: 'asc' } });
    expect([await after.db.reminder.count(), (await reminders()).length]).toEqual([0, 0]);
    expect(await remindPeople()).toEqual({ reminded: 3 });
    expect(await remindPeople()).toEqual({ reminded: 0 });
    expect((await reminders()).map(({ toPerson }) => toPerson)).toEqual(['ada', 'bo', 'chi']);
    expect(await after.db.reminder.count({ where: { draftId: draft } })).toBe(3);
    await after.close();
  },
);
