// Uploads are looked into in a child process: what hangs it, fills it or ends it is a refusal of that one upload, and the next one goes on
// (threats.md, 87). A few children at once, each for one project.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ProjectName } from '#lib/core/ids.ts';
import { inspectionLimits } from '#lib/python/limits.ts';
import { inspectorInChildren, inspectorProgramOf, type Inspector } from '#lib/server/inspector/inspector.ts';
import { bundlePrograms } from '../../scripts/bundle.mjs';
import { makeZip, wheelFiles } from '../support/archives.ts';
import { codeOf } from '../support/inspections.ts';

const root = path.join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(path.join(tmpdir(), 'countersign-inspector-'));
const place = path.join(folder, 'upload');
writeFileSync(place, makeZip(wheelFiles()));
afterAll(() => rmSync(folder, { recursive: true }));

const own = inspectorProgramOf(path.join(root, 'web', 'main.ts'), { dataFolder: folder });
const hostile = { ...own, entry: path.join(root, 'tests', 'support', 'hostile-inspector.ts') };
const generous = { heapMegabytes: 384, memoryMegabytes: 768, turnMs: 60_000, atOnce: 2, restMs: 60_000 };

let inspector: Inspector;
afterEach(() => inspector.close());

const demo = 'demo' as ProjectName;
const look = (name: string, project = demo) => inspector.of(project).inspect({ place, name, limits: inspectionLimits });
const good = 'demo-1.0-py3-none-any.whl';

const childrenOf = (): string[] =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);

describe('an upload that', () => {
  test.each([
    ['hangs its child', 'hang', { turnMs: 4_000 }, /more than 4 seconds/],
    ['fills the heap of its child', 'heap', { heapMegabytes: 96 }, /more memory/],
    ['fills the memory of its child', 'memory', { memoryMegabytes: 400 }, /400 MB of memory/],
    ['makes its child end', 'end', {}, /ended with 0/],
    ['makes its child crash', 'crash', {}, /ended with SIGSEGV/],
    ['meets a mistake of ours', 'mistake', {}, /something that it does not know/],
  ])('%s is refused, and the next one is accepted', async (_, wrong, limits, why) => {
    inspector = inspectorInChildren(hostile, { ...generous, ...limits });
    await expect(look(`${wrong}-1.0-py3-none-any.whl`)).rejects.toMatchObject({
      code: 'distribution.gave-out',
      message: expect.stringMatching(why),
    });
    // With patience: the limits that end the bad one are tight for a start on a busy machine.
    const accepted = Object.keys(limits).includes('turnMs')
      ? await patiently(() => codeOf(() => look(good)))
      : await codeOf(() => look(good));
    expect(accepted).toBe('accepted');
  });
});

/** The same again while it gives out. */
async function patiently(work: () => Promise<string>): Promise<string> {
  for (let tries = 0; tries < 10; tries += 1) {
    const code = await work();
    if (code !== 'distribution.gave-out') return code;
  }
  return 'gave out ten times';
}

test('what it finds and what it refuses is what it is without a child, and three at once take two children', async () => {
  inspector = inspectorInChildren(own, generous);
  const before = childrenOf();
  const [one, other, refused] = await Promise.all([
    look(good),
    look(good),
    codeOf(() => look('other-1.0-py3-none-any.whl')),
  ]);
  expect(one).toEqual(other);
  expect(one).toMatchObject({ kind: 'wheel', project: 'demo', version: '1.0', requiresPython: '>=3.9' });
  expect(refused).toBe('distribution.mismatch');
  expect(childrenOf().filter((pid) => !before.includes(pid)).length).toBeLessThanOrEqual(2);
});

test('a child that saw one project never sees another', async () => {
  inspector = inspectorInChildren(own, { ...generous, atOnce: 1 });
  const before = childrenOf();
  const mine = (): string[] => childrenOf().filter((pid) => !before.includes(pid));
  await look(good);
  const first = mine();
  await look(good);
  expect(mine()).toEqual(first);
  await look(good, 'other' as ProjectName);
  expect(mine()).not.toContain(first[0]);
});

describe('the inspector as it is built', () => {
  const outdir = `.build-inspector-test-${process.pid}`;
  const built = path.join(root, outdir);
  const stored = path.join(folder, 'files');
  beforeAll(async () => {
    await bundlePrograms({ cli: 'cli/main.ts', inspector: 'lib/server/inspector/process.ts' }, outdir);
    mkdirSync(stored);
    copyFileSync(place, path.join(stored, 'upload'));
  });
  afterAll(() => rmSync(built, { recursive: true }));

  test('reads what is in the file store, and nothing else of the data folder', async () => {
    const program = inspectorProgramOf(path.join(built, 'web.mjs'), { dataFolder: folder });
    // Node 20.19 starts no program whose package.json it may not read; later ones do not ask.
    expect(program.readable).toContain(path.join(root, 'package.json'));
    inspector = inspectorInChildren(program, generous);
    const lookAt = (at: string) => inspector.of(demo).inspect({ place: at, name: good, limits: inspectionLimits });
    expect(await lookAt(path.join(stored, 'upload'))).toMatchObject({ kind: 'wheel' });
    expect(await codeOf(() => lookAt(place))).toBe('distribution.gave-out');
  });
});
