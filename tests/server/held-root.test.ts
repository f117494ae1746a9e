// A public address never runs on the development root: the web program does not start on one that is in place, and takes none from a countersigner.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { IndexName } from '#lib/core/ids.ts';
import { requireHeldRootInPlace } from '#lib/server/handoff/held-root.ts';
import { readConfig, type Config } from '#lib/server/config.ts';
import { initRoleKeys } from '../../countersigner/tuf/role-keys.ts';
import { acceptedPlace, makeDevelopmentRoot } from '../../countersigner/tuf/root.ts';
import { openStore, type Store } from '../../countersigner/store.ts';
import { holdRoot } from '../support/held-root.ts';
import { refusalOf } from '../support/pgp.ts';
import { openTestRuntime } from '../support/runtime.ts';
import { startCountersigner } from '../support/handoff-rows.ts';

const index = 'sign.example.org' as IndexName;
const now = Date.parse('2026-11-22T12:00:00Z');
let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'held-root-'));
  store = openStore(path.join(folder, 'countersigner'));
  initRoleKeys(store);
  mkdirSync(path.join(folder, 'index', 'tuf'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const configOf = (publicUrl: string): Config =>
  readConfig({ DATA_DIR: folder, PUBLIC_URL: publicUrl, INDEX_NAME: index });
const put = (version: number, bytes: Uint8Array): void =>
  writeFileSync(path.join(folder, 'index', 'tuf', `${version}.root.json`), bytes);
const development = (): Uint8Array => makeDevelopmentRoot(store, { index, before: null, expires: now + 1e10 }).bytes;

test('the development root is good for this machine itself, and for no other address', async () => {
  put(1, development());
  for (const own of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000', 'http://sign.localhost'])
    await requireHeldRootInPlace(configOf(own));
  for (const others of ['https://sign.example.org', 'http://192.168.1.5:3000', 'http://localhost.example.org'])
    expect(await refusalOf(() => requireHeldRootInPlace(configOf(others))), others).toBe('tuf.development-root');
});

test('the newest root decides, and an index without one may start: it publishes nothing yet', async () => {
  const config = configOf('https://sign.example.org');
  await requireHeldRootInPlace(config);
  holdRoot(store, index, now);
  put(10, store.read(acceptedPlace(1)) ?? new Uint8Array());
  put(9, development());
  await requireHeldRootInPlace(config);
});

test('the web program does not start on it, and says what to do', async () => {
  put(1, development());
  const main = path.join(import.meta.dirname, '..', '..', 'web', 'main.ts');
  const env: NodeJS.ProcessEnv = {
    ...{ NODE_ENV: 'production', PATH: process.env['PATH'], DATA_DIR: folder, PORT: '0' },
    PUBLIC_URL: 'https://sign.example.org',
  };
  const said = await new Promise<{ code: unknown; err: string }>((resolve) =>
    execFile(process.execPath, ['--import', 'tsx', main], { env }, (fault, _out, err) =>
      resolve({ code: fault?.code, err }),
    ),
  );
  expect(said).toEqual({ code: 1, err: expect.stringContaining('docs/guide/root-ceremony.md') as string });
  expect(readdirSync(folder).sort()).toEqual(['countersigner', 'index']);
});

test('a hand-back that brings it is refused, and nothing of it is kept', async () => {
  const world = await openTestRuntime({ at: '2026-11-22T12:00:00Z' });
  const countersigner = await startCountersigner();
  try {
    rmSync(path.join(world.config.dataFolder, 'countersigner', 'tuf', 'accepted'), { recursive: true });
    expect(await refusalOf(() => countersigner.round())).toBe('countersigner.web-away');
    expect(await world.db.handback.count()).toBe(0);
    const refused = await world.db.historyEntry.findMany({ where: { kind: 'handback.refused' } });
    expect(JSON.stringify(refused.map(({ details }) => details))).toContain('tuf.development-root');
  } finally {
    await countersigner.close();
    await world.close();
  }
});
