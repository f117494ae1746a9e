// The scripts that get keys: the same sources give the same bytes wherever they are built, the published digests are theirs, and none of
// them knows a way to the network. That is what lets somebody else compare what a site serves.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { register } from '#lib/core/errors.ts';
import { everyRefusal as refusalsInWorkers } from '#lib/core/refusals-in-workers.ts';
import { browserOptions } from '../../scripts/build-browser.mjs';

const folders = [0, 1].map(() => mkdtempSync(path.join(tmpdir(), 'cs-scripts-')));
const [one = '', other = ''] = folders;
const keyScripts = ['sign-worker.js', 'make-key-worker.js', 'read-key-worker.js', 'revoke-worker.js'];

beforeAll(() => {
  const program = path.resolve('scripts/build-browser.mjs');
  const call = (folder: string) =>
    `await (await import(${JSON.stringify(program)})).buildBrowser({ outDir: ${JSON.stringify(folder)} })`;
  // Built from two different places, as two people would.
  execFileSync('node', ['--input-type=module', '-e', call(one)], { cwd: path.resolve('.') });
  execFileSync('node', ['--input-type=module', '-e', call(other)], { cwd: other });
});

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

it('are the same bytes in two builds', () => {
  expect(readdirSync(other).sort()).toEqual(readdirSync(one).sort());
  for (const name of readdirSync(one))
    expect(readFileSync(path.join(other, name)).equals(readFileSync(path.join(one, name))), name).toBe(true);
});

it('are each named by their SHA-256 in SHA256SUMS, in the form that sha256sum checks', () => {
  const scripts = readdirSync(one).filter((name) => name.endsWith('.js'));
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(path.join(one, name)))
      .digest('hex');
  const sums = readFileSync(path.join(one, 'SHA256SUMS'), 'utf8');
  expect(sums).toBe(
    scripts
      .sort()
      .map((name) => `${digest(name)}  ${name}\n`)
      .join(''),
  );
  expect(execFileSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: one }).toString()).toMatch(
    /sign-worker.js: OK/,
  );
});

it('carry every refusal that their sources name, and none about anything but signing and keys', async () => {
  const options = browserOptions as BuildOptions;
  const inputs = (await build({ ...options, outdir: one, write: false, metafile: true })).metafile.inputs;
  const isRow = (place: string) => /\/(?:refusals-[\w-]+|errors)\.ts$/.test(place);
  const sources = Object.keys(inputs).filter((place) => place.startsWith('lib/') && !isRow(place));
  const named = sources.flatMap((place) => readFileSync(place, 'utf8').match(/'[a-z-]+\.[a-z0-9-]+'/g) ?? []);
  const codes = named.map((quoted) => quoted.slice(1, -1)).filter((code) => Object.hasOwn(register, code));
  expect(codes.length).toBeGreaterThan(50);
  expect(codes.filter((code) => !Object.hasOwn(refusalsInWorkers, code))).toEqual([]);
  expect(
    Object.keys(inputs)
      .filter((place) => place.includes('refusals-of-'))
      .sort(),
  ).toEqual(['lib/core/refusals-of-documents.ts', 'lib/core/refusals-of-keys.ts']);
});

it.each(keyScripts)('%s is one file below 500 KB and asks nobody for anything', (name) => {
  const script = readFileSync(path.join(one, name), 'utf8');
  expect(script.length).toBeLessThan(512_000);
  expect(script).not.toMatch(
    /\bXMLHttpRequest\b|\bWebSocket\b|\bEventSource\b|\bsendBeacon\b|\bimportScripts\b|[^.\w]fetch\(/,
  );
});
