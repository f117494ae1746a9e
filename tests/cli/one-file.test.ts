// The client as it is handed to others: one file that runs in an empty folder, with nothing of ours beside it.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientOptions } from '../../scripts/bundle.mjs';

let folder: string;
let metafile: NonNullable<Awaited<ReturnType<typeof build>>['metafile']>;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'countersign-alone-'));
  const built = await build(clientOptions(folder) as BuildOptions);
  metafile = built.metafile ?? { inputs: {}, outputs: {} };
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...parameters: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], COUNTERSIGN_HOME: path.join(folder, 'home'), NODE_ENV: 'test' as const };
    execFile(process.execPath, ['countersign.mjs', ...parameters], { cwd: folder, env }, (fault, out, err) =>
      resolve({ code: typeof fault?.code === 'number' ? fault.code : 0, out, err }),
    );
  });

test('it is one file that needs nothing but Node, and no more of it than it uses', () => {
  expect(readdirSync(folder)).toEqual(['countersign.mjs']);
  const outside = Object.values(metafile.outputs).flatMap((output) => output.imports.map((one) => one.path));
  expect(outside.filter((name) => !name.startsWith('node:') && !isBuiltin(name))).toEqual([]);
  expect(Object.keys(metafile.inputs).filter((name) => name.includes('/make-fetch-happen/lib/'))).toEqual([]);
  expect(statSync(path.join(folder, 'countersign.mjs')).size).toBeLessThan(3 * 1024 ** 2);
});

const builtin = [
  'assert',
  'buffer',
  'child_process',
  'crypto',
  'events',
  'fs',
  'fs/promises',
  'http',
  'https',
  'module',
];
// The package debug asks for supports-color, and goes on without it.
const more = [
  'supports-color',
  'net',
  'os',
  'path',
  'process',
  'stream',
  'string_decoder',
  'tls',
  'tty',
  'url',
  'util',
  'zlib',
];
const isBuiltin = (name: string): boolean => [...builtin, ...more].includes(name);

test('each of its commands starts alone', async () => {
  expect((await run('--help')).out).toContain('verify [options]');
  expect(await run('status')).toEqual({ code: 0, out: 'No index is trusted yet.\n', err: '' });
  // Everything that decides is loaded and asked: TUF, OpenPGP, zip.
  const away = await run('verify', 'demo==1.0', '--index', 'http://127.0.0.1:1/');
  expect([away.code, away.err]).toEqual([3, expect.stringContaining('(verify.unreachable)')]);
  const unread = await run('inspect-key', 'countersign.mjs');
  expect([unread.code, unread.err]).toEqual([2, expect.not.stringContaining('    at ')]);
});
