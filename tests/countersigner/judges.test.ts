// Whatever is hostile is opened in a child process with limits: what hangs it, fills it or ends it costs the draft that did it, says why, is not tried again at
// once, and the next draft is countersigned in the same round (threats.md, 102). The child holds nothing that is worth taking.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startChild, type ChildProgram } from '#lib/child/limited-child.ts';
import type { Version } from '#lib/core/ids.ts';
import { bundlePrograms } from '../../scripts/bundle.mjs';
import { fetchedFolder } from '../../countersigner/fetched-files.ts';
import { judgeFaults, judgeLimits, judgeProgramOf, judgesInChildren } from '../../countersigner/judges/in-children.ts';
import { makeSetAside } from '../../countersigner/judges/set-aside.ts';
import { makeZip, metadataText, wheelFiles } from '../support/archives.ts';
import { ada, addDraft, addPolicy, bo, demo, minute, openScene, type Scene } from '../support/scene.ts';

const root = path.join(import.meta.dirname, '..', '..');
const source = judgeProgramOf(path.join(root, 'countersigner', 'main.ts'), tmpdir());
const hostile = { ...source, entry: path.join(root, 'tests', 'support', 'hostile-judge.ts') };

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(async () => {
  await scene.judges.close();
  scene.close();
});

const wheelOf = (version: string): Record<string, Buffer> => ({
  [`demo-${version}-py3-none-any.whl`]: makeZip(
    wheelFiles({ info: `demo-${version}.dist-info`, metadata: metadataText({ name: 'demo', version }) }),
  ),
});

/** An approved draft of this version. */
const addVersion = (version: string): unknown =>
  addDraft(scene, [ada, bo], {
    id: `6f2c9d1e4b${version.replace('.', '')}`,
    statement: { version: version as Version },
    files: wheelOf(version),
  });

/** What the index says of demo, less the signatures of the index, which differ with its key. */
const saidIn = async (some: Scene): Promise<[string, string][]> =>
  [...(await some.tree())].flatMap(([place, bytes]) =>
    /^(?:evidence|simple)\//.test(place) && !/releases.*\.asc$/.test(place)
      ? [[place, Buffer.from(bytes).toString('base64')] as [string, string]]
      : [],
  );

test('judged in child processes, a release is what it is without them', async () => {
  scene.judges = judgesInChildren(source);
  const here = await openScene();
  try {
    for (const one of [scene, here]) addPolicy(one);
    addVersion('1.0');
    here.drafts = new Map(scene.drafts);
    for (const [sha256, bytes] of scene.files) here.files.set(sha256, bytes);
    here.web = { ...here.web, draftBundle: (id) => scene.web.draftBundle(id) };
    for (const one of [scene, here])
      expect(await one.round()).toMatchObject({ published: ['demo 1.0'], findings: [], refused: [] });
    expect(await saidIn(scene)).toEqual(await saidIn(here));
  } finally {
    here.close();
  }
});

describe('a draft that', () => {
  test.each([
    ['hangs its judge', '6.1', { turnMs: 20_000 }, /more than \d+ seconds/],
    ['fills the heap of its judge', '6.2', { heapMegabytes: 96 }, /more memory/],
    ['fills the memory of its judge', '6.3', { memoryMegabytes: 500 }, /500 MB of memory/],
    ['makes its judge end', '6.4', {}, /ended with 0/],
    ['makes its judge crash', '6.5', {}, /ended with SIGSEGV/],
  ])('%s is a finding, and the next one is countersigned', async (_, version, limits, why) => {
    scene.judges = judgesInChildren(hostile, { ...judgeLimits, ...limits });
    addPolicy(scene);
    addVersion(version);
    addVersion('1.0');
    const report = await scene.round();
    expect(report.published).toEqual(['demo 1.0']);
    expect(report.findings).toMatchObject([{ code: 'countersigner.judge-ended', says: expect.stringMatching(why) }]);
    // Not at once again: the next round has nothing to say about it, and takes no time for it.
    expect(await scene.round()).toMatchObject({ published: [], findings: [] });
    scene.now += 2 * minute;
    expect((await scene.round()).findings).toHaveLength(1);
  });

  test('meets a mistake of ours is a finding without internals', async () => {
    scene.judges = judgesInChildren(hostile);
    addPolicy(scene);
    addVersion('6.6');
    expect((await scene.round()).findings).toMatchObject([
      { code: 'internal', says: expect.not.stringContaining('Cannot') },
    ]);
  });
});

test('a judge sees one project in one round', async () => {
  const judges = judgesInChildren(source);
  scene.judges = judges;
  const alive = async (): Promise<number> => childrenOf(process.pid).length;
  const before = await alive();
  const bundle = await scene.web.draftBundle(addVersionId());
  await judges.of(demo).readClaims({ bundle });
  const [first] = childrenOf(process.pid).slice(before);
  await judges.of(demo).readClaims({ bundle });
  expect(childrenOf(process.pid).slice(before)).toEqual([first]);
  await judges.of('other' as typeof demo).readClaims({ bundle });
  expect(childrenOf(process.pid)).not.toContain(first);
});

const addVersionId = () => {
  addPolicy(scene);
  addVersion('1.0');
  const [id] = scene.drafts.keys();
  if (!id) throw new Error('no draft');
  return id;
};

const childrenOf = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);

test('what was set aside is tried again less and less often, and at once when it changed', () => {
  const aside = makeSetAside();
  const [one, other] = [
    { what: 'draft 1', mark: 'a' },
    { what: 'draft 1', mark: 'b' },
  ];
  aside.keep(one, 0);
  expect([aside.mayTry(one, minute - 1), aside.mayTry(one, minute), aside.mayTry(other, 0)]).toEqual([
    false,
    true,
    true,
  ]);
  aside.keep(one, minute);
  expect([aside.mayTry(one, 3 * minute - 1), aside.mayTry(one, 3 * minute)]).toEqual([false, true]);
  for (let at = 0; at < 20; at += 1) aside.keep(one, 0);
  expect([aside.mayTry(one, 59 * minute), aside.mayTry(one, 60 * minute)]).toEqual([false, true]);
});

describe('the judge as it is built', () => {
  const outdir = `.build-judge-test-${process.pid}`;
  const folder = path.join(root, outdir);
  beforeAll(() =>
    bundlePrograms({ cli: 'cli/main.ts', 'countersigner-judge': 'tests/support/prying-judge.ts' }, outdir),
  );
  afterAll(() => rmSync(folder, { recursive: true }));
  const built = (): ChildProgram =>
    judgeProgramOf(path.join(folder, 'countersigner.mjs'), path.join(scene.folder, fetchedFolder));

  test('judges a release, its archives and digests among it', async () => {
    scene.judges = judgesInChildren(built());
    addPolicy(scene);
    addVersion('1.0');
    expect(await scene.round()).toMatchObject({ published: ['demo 1.0'], findings: [], refused: [] });
  });

  test('reads no key, writes no file, starts no program and has no environment', async () => {
    const child = startChild(built(), { limits: judgeLimits, faults: judgeFaults, folder: tmpdir() });
    const before = readdirSync(scene.folder);
    const found = await child.ask('pry', { state: scene.folder }, 20_000).finally(() => child.end());
    const denied = 'ERR_ACCESS_DENIED';
    expect(found).toEqual({ key: denied, folder: denied, write: denied, start: denied, environment: [] });
    expect(readdirSync(scene.folder)).toEqual(before);
  });
});
