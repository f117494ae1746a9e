// The guide for a machine of its own (docs/guide/countersigner-apart.md), tried: the built countersigner as another user in another folder than the web program's,
// with the settings that the unit file gives it. It publishes, and neither side can read what the other holds. Where the tests do not run as
// root there is no other user to be; everything else is the same.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { handoffRoute } from '#web/handoff.ts';
import { bundlePrograms } from '../../scripts/bundle.mjs';
import { addDraftRows, addProject, draftId } from '../support/handoff-rows.ts';
import { serveRoutes, type RouteServer } from '../support/route-server.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { ada, bo, index } from '../support/scene.ts';

const root = path.join(import.meta.dirname, '..', '..');
const outdir = `.build-apart-test-${process.pid}`;
const program = path.join(root, outdir, 'countersigner.mjs');
const nobody = 65534;
const isRoot = process.getuid?.() === 0;
const user = isRoot ? { uid: nobody, gid: nobody } : {};

let machine: string;
let world: TestRuntime;
let server: RouteServer;
let child: ChildProcess | null = null;

beforeAll(() =>
  bundlePrograms(
    {
      cli: 'cli/main.ts',
      countersigner: 'countersigner/main.ts',
      'countersigner-judge': 'countersigner/judges/process.ts',
    },
    outdir,
  ),
);
afterAll(() => rmSync(path.join(root, outdir), { recursive: true }));

beforeEach(async () => {
  machine = mkdtempSync(path.join(tmpdir(), 'apart-'));
  for (const name of ['countersigner', 'countersigner-count']) mkdirSync(path.join(machine, name), { mode: 0o700 });
  if (isRoot)
    for (const name of ['', 'countersigner', 'countersigner-count'])
      chownSync(path.join(machine, name), nobody, nobody);
  // The countersigner has the clock of this machine, so the rows have it too.
  const certificate = path.join(machine, '..', `${path.basename(machine)}.asc`);
  // On this machine the development root will do.
  const environment = { INDEX_KEY_FILE: certificate, PUBLIC_URL: 'http://localhost:3000', INDEX_NAME: index };
  world = await openTestRuntime({ at: new Date().toISOString(), environment });
  chmodSync(world.config.dataFolder, 0o700);
  server = await serveRoutes(handoffRoute);
});
afterEach(async () => {
  await end();
  await server.stop();
  rmSync(world.config.indexKeyFile, { force: true });
  await world.close();
  rmSync(machine, { recursive: true });
});

/** The settings of the unit file, with our folders in place of its own. */
function settings(): NodeJS.ProcessEnv {
  const unit = readFileSync(path.join(root, 'docs', 'guide', 'countersigner.service'), 'utf8');
  const given = [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [
    name,
    value.replace('/var/lib', machine).replace('%d/handoff-token', path.join(machine, 'token')),
  ]);
  return {
    NODE_ENV: 'production',
    PATH: process.env['PATH'],
    ...Object.fromEntries(given),
    COUNTERSIGN_URL: server.base,
  };
}

function say(command: string): string {
  const env = { ...settings(), INDEX_NAME: index };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, command], {
    ...user,
    env,
    encoding: 'utf8',
    cwd: '/',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function start(): void {
  child = spawn(process.execPath, [program, 'run'], { ...user, env: settings(), cwd: '/', stdio: 'inherit' });
}
const end = (): Promise<void> =>
  new Promise((resolve) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });

test('it publishes, and its folder and the web program’s are closed to each other', async () => {
  // 1. Keys there, the certificate and the token here.
  expect(JSON.parse(say('init'))).toMatchObject({ fingerprint: expect.stringMatching(/^[0-9A-F]{40}$/) });
  copyFileSync(path.join(machine, 'countersigner', 'index.asc'), world.config.indexKeyFile);
  writeFileSync(path.join(machine, 'token'), `${world.secrets.handoff}\n`, { mode: 0o600 });
  if (isRoot) chownSync(path.join(machine, 'token'), nobody, nobody);
  // 2. A release that enough people signed.
  await addProject();
  await addDraftRows([ada, bo]);
  start();
  const stateNow = async () => (await world.db.draft.findUniqueOrThrow({ where: { id: draftId } })).state;
  for (const until = Date.now() + 120_000; (await stateNow()) !== 'published' && Date.now() < until;) {
    await placeHandbacks();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(await stateNow()).toBe('published');
  // 3. What its operator sees, beside it, and the count outside its folder.
  const status = JSON.parse(say('status')) as { running: number; handBacks: { signed: number; waiting: number } };
  expect(status).toMatchObject({ running: child?.pid, index, handBacks: { waiting: 0 }, lastRound: { went: 'well' } });
  const counted = readFileSync(path.join(machine, 'countersigner-count', 'sequence'), 'utf8');
  expect(Number(counted)).toBe(status.handBacks.signed);
  // 4. The other user opens nothing of the web program.
  if (!isRoot) return;
  const looked = spawnSync('/bin/ls', [world.config.dataFolder], { ...user, encoding: 'utf8', cwd: '/' });
  expect([looked.status !== 0, looked.stdout]).toEqual([true, '']);
}, 180_000);
