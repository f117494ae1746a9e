// The program itself, as `npm start` launches it: modes of its files, one process per folder, exit codes, no stack trace for a wrong setting.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holdFolder } from '../../countersigner/hold-folder.ts';
import { refusalOf } from '../support/pgp.ts';

let folder: string;
beforeEach(() => void (folder = path.join(mkdtempSync(path.join(tmpdir(), 'countersigner-')), 'state')));
afterEach(() => rmSync(path.dirname(folder), { recursive: true }));

const main = path.join(import.meta.dirname, '..', '..', 'countersigner', 'main.ts');
type Said = { code: number; out: string; err: string };
const run = (command: string, env: Record<string, string> = {}): Promise<Said> =>
  new Promise((resolve) => {
    const settings: NodeJS.ProcessEnv = { NODE_ENV: 'test', PATH: process.env['PATH'], STATE_DIR: folder, ...env };
    execFile(process.execPath, ['--import', 'tsx', main, command], { env: settings }, (fault, out, err) =>
      resolve({ code: typeof fault?.code === 'number' ? fault.code : 0, out, err }),
    );
  });
const token = 'x'.repeat(40);

test('init makes the key once, for its owner alone, and the certificate for everybody', async () => {
  const first = await run('init', { INDEX_NAME: 'sign.example.org' });
  const again = await run('init', { INDEX_NAME: 'sign.example.org' });
  expect([first.code, JSON.parse(first.out)]).toEqual([0, JSON.parse(again.out)]);
  expect(statSync(path.join(folder, 'index-private.asc')).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const certificate = readFileSync(path.join(folder, 'index.asc'), 'utf8');
  expect(certificate).toContain('PUBLIC KEY BLOCK');
  expect(certificate).not.toContain('PRIVATE');
});

test.each([
  [{}, 'COUNTERSIGN_URL'],
  [{ COUNTERSIGN_URL: 'ftp://x' }, 'COUNTERSIGN_URL'],
  [{ COUNTERSIGN_URL: 'http://127.0.0.1:1', HANDOFF_TOKEN: 'short' }, 'HANDOFF_TOKEN'],
  [{ COUNTERSIGN_URL: 'http://127.0.0.1:1', HANDOFF_TOKEN: token, INTERVAL: 'x' }, 'INTERVAL'],
  [{ COUNTERSIGN_URL: 'http://127.0.0.1:1', HANDOFF_TOKEN: token }, 'init'],
])('with the settings %o it ends with 2 and names %s', async (settings, named) => {
  const said = await run('once', settings as Record<string, string>);
  expect(said.code).toBe(2);
  expect(said.err).toContain(named);
  expect(said.err).not.toContain('    at ');
});

test('it ends with 3 while the web program is away', async () => {
  await run('init');
  const said = await run('once', { COUNTERSIGN_URL: 'http://127.0.0.1:1', HANDOFF_TOKEN: token });
  expect([said.code, said.err]).toEqual([3, expect.stringContaining('cannot be asked')]);
});

test('a second process on one folder is refused, and a lock that a dead one left is taken over', async () => {
  await run('init');
  writeFileSync(path.join(folder, 'lock'), ''); // what kill -9 leaves: a name that nobody answers at
  const hold = await holdFolder(folder);
  const said = await run('once', { COUNTERSIGN_URL: 'http://127.0.0.1:1', HANDOFF_TOKEN: token });
  expect([said.code, said.err]).toEqual([2, expect.stringContaining(`process ${process.pid}`)]);
  expect(await refusalOf(() => holdFolder(folder))).toBe('countersigner.held');
  await hold.release();
});
