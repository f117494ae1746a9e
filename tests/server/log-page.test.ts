// The log as its pages show it: every entry that is served, newest first, page by page without a gap, of everything or of one project, to everybody; and no
// text that somebody typed.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sayEntry } from '#components/log/say-entry.ts';
import { readNote } from '#lib/evidence/checkpoint.ts';
import { checkpointPath } from '#lib/evidence/log-tree.ts';
import { indexFolder } from '#lib/server/handoff/index-folder.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { logPage, readBefore } from '#lib/server/queries/log-page.ts';
import { keepCosignatures } from '#lib/server/witnesses/keep-cosignatures.ts';
import { serveCosignatures } from '#lib/server/witnesses/served-checkpoint.ts';
import { addDraftRows, addProject, startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { refusalOf } from '../support/pgp.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { ada, bo } from '../support/scene.ts';
import { visitor } from '../support/story.ts';
import { makeWitness } from '../support/witness.ts';

let world: TestRuntime;
let countersigner: Countersigner;
const [one, two] = [makeWitness('witness.example/one'), makeWitness('witness.example/two')];
const noon = Date.parse('2026-11-22T12:00:00Z');

beforeAll(async () => {
  const environment = { WITNESSES: `${one.vkey},${two.vkey}` };
  world = await openTestRuntime({ at: '2026-11-22T12:00:00Z', environment });
  countersigner = await startCountersigner();
  await addProject();
  await addDraftRows([ada, bo]);
  await countersigner.round();
  await placeHandbacks();
  const extra = Array.from({ length: 120 }, (_, n) => ({
    ...{ index: 1000 + n, path: `evidence/other/status/${n + 1}.json`, sha256: 'a'.repeat(64) },
    ...{ projectName: 'other', state: 'archived', knownAt: new Date(noon) },
  }));
  await world.db.logEntry.createMany({ data: extra });
});
afterAll(async () => {
  await countersigner.close();
  await world.close();
});

const served = (): Buffer => readFileSync(path.join(indexFolder(), checkpointPath));

describe('the log, to anybody,', () => {
  it('has every entry once, newest first, page by page', async () => {
    const numbers: number[] = [];
    for (let before: number | null = null, more = true; more;) {
      const page: Awaited<ReturnType<typeof logPage>> = await logPage(visitor, { before });
      numbers.push(...page.lines.map(({ number }) => number));
      before = page.older;
      more = before !== null;
    }
    expect(numbers).toHaveLength(await world.db.logEntry.count());
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => b - a));
  });

  it('tells of one project what is its, in words without anybody’s text', async () => {
    const { lines } = await logPage(visitor, { project: 'Demo' });
    expect(lines.map((line) => [line.project, sayEntry(line)])).toEqual([
      ['demo', 'demo 1.0 was published'],
      ['demo', 'demo was founded: policy 1'],
    ]);
    expect(lines.every(({ knownAt }) => knownAt.getTime() === noon)).toBe(true);
  });

  it('shows the checkpoint that is served, and which witness signed it', async () => {
    await keepCosignatures(one.cosign(served(), noon / 1000));
    await serveCosignatures();
    const { end } = await logPage(visitor, {});
    expect(end?.text).toBe(served().toString());
    const { size } = readNote(served()).checkpoint;
    expect([end?.size, end?.witnesses]).toEqual([
      size,
      [
        { name: one.key.name, at: new Date(noon), size },
        { name: two.key.name, at: null, size: null },
      ],
    ]);
  });

  it('of a project that is not there is not there', async () => {
    expect(await refusalOf(() => logPage(visitor, { project: 'nothing' }))).toBe('project.not-found');
  });

  it.each(['x', '-1', '1e3', '99999999999'])('has no page below %j', async (claimed) => {
    expect(await refusalOf(() => readBefore(claimed))).toBe('input.not-a');
    expect([readBefore(undefined), readBefore(''), readBefore('17')]).toEqual([null, null, 17]);
  });
});

describe('an entry in words', () => {
  const entry = { path: '', project: 'demo', version: '1.0', of: 2, state: null, event: null };
  it.each([
    [{ event: 'release', of: 1, state: 'published' }, 'demo 1.0 was published'],
    [{ event: 'release', state: 'quarantined' }, 'demo 1.0 was quarantined (record 2)'],
    [{ event: 'release', state: 'yanked' }, 'demo 1.0 is marked as yanked (record 2)'],
    [{ event: 'release', state: 'published' }, 'demo 1.0 stands as published (record 2)'],
    [{ event: 'policy' }, 'Policy 2 of demo'],
    [{ event: 'yank', state: 'yank' }, 'An owner yanked demo 1.0'],
    [{ event: 'yank', state: 'unyank' }, 'An owner took back the yank of demo 1.0'],
    [{ event: 'status', state: 'archived' }, 'An owner declared demo archived'],
    [{ event: 'certificate' }, 'Certificate of a key'],
    [{ event: null, path: 'keys/later.json' }, 'keys/later.json'],
  ])('%j is “%s”', (change, says) => {
    expect(sayEntry({ ...entry, ...change })).toBe(says);
  });
});
