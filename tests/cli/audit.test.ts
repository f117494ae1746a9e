// `countersign audit`: an index that serves what its log tells has no difference; each way of serving something else is listed by its own word, and a log that
// does not hold ends it. The tree is the real countersigner's; each lie is one change of what is served, signed anew where a dishonest index would sign.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderReleaseList, readReleaseList, type ReleaseList } from '#lib/core/release-list.ts';
import { checkpointPath } from '#lib/evidence/log-tree.ts';
import { releasesPath } from '#lib/evidence/index-tree.ts';
import { auditCommand, type AuditOptions } from '#cli/commands/audit.ts';
import type { Difference } from '#cli/audit/difference.ts';
import type { World } from '#cli/verify/world.ts';
import { putSigned } from '../../countersigner/write-list.ts';
import { openHostileIndex, type HostileIndex } from '../support/hostile-index.ts';
import { pictureOf } from '../support/pins.ts';
import { demo, index as indexName, minute, type Scene } from '../support/scene.ts';
import { servedTree } from '../support/served-tree.ts';
import { openTwoReleases } from '../support/two-releases.ts';
import { makeWitness } from '../support/witness.ts';

let scene: Scene;
let honest: Map<string, Uint8Array>;
let index: HostileIndex;
let home: string;
beforeAll(async () => {
  scene = await openTwoReleases();
  honest = await servedTree(scene);
  index = await openHostileIndex(honest);
  // The TUF client reads the clock by itself.
  vi.useFakeTimers({ toFake: ['Date'], now: scene.now });
});
afterAll(async () => {
  vi.useRealTimers();
  await index.stop();
  scene.close();
});
beforeEach(() => {
  index.restore(honest);
  home = mkdtempSync(path.join(tmpdir(), 'countersign-audit-'));
  return () => rmSync(home, { recursive: true, force: true });
});

const world = (): World => ({
  now: scene.now + minute,
  home: { state: path.join(home, 'state'), config: path.join(home, 'config') },
  ask: null,
  tell: () => undefined,
});
const audit = (options: Partial<AuditOptions> = {}) =>
  auditCommand(
    { index: index.base, indexKey: scene.keys.key.fingerprint, projects: [], json: true, ...options },
    world(),
  );

const kept = (): string[] =>
  Object.entries(pictureOf(home)).flatMap(([place, what]) => (what === 'folder' ? [] : [place]));

type Answer = { size: number; documents: number; differences: Difference[]; projects: string[]; cosigned: object[] };

async function differences(options: Partial<AuditOptions> = {}): Promise<string[]> {
  const { exit, out } = await audit(options);
  const { differences: found } = JSON.parse(out) as Answer;
  expect(exit).toBe(found.length > 0 ? 1 : 0);
  return found.map(({ code, path: place }) => `${code} ${place}`);
}

const need = (place: string): Uint8Array => {
  const bytes = index.tree.get(place);
  if (!bytes) throw new Error(`${place} is not served`);
  return bytes;
};
const replaceIn = (place: string, from: string | RegExp, to: string): void =>
  void index.tree.set(place, Buffer.from(Buffer.from(need(place)).toString().replace(from, to)));

/** The list as a dishonest index would sign it. */
async function relist(change: (list: ReleaseList) => ReleaseList): Promise<void> {
  const place = releasesPath(demo);
  const writing = { index: indexName, keys: scene.keys, readTree: () => null, now: scene.now };
  await putSigned(writing, index.tree, place, renderReleaseList(change(readReleaseList(need(place)))));
}

const without = (list: ReleaseList, version: string): ReleaseList => ({
  ...list,
  versions: Object.fromEntries(Object.entries(list.versions).filter(([name]) => name !== version)),
});

describe('an index that serves what its log tells', () => {
  it('has no difference, with every file looked at or without', async () => {
    expect(await differences({ files: true })).toEqual([]);
    const { exit, out } = await audit({ json: false });
    expect([exit, out]).toEqual([
      0,
      expect.stringMatching(/serves what its log tells\.\nCompared: \d+ entries, \d+ documents, 1 project/),
    ]);
  });

  it('is compared project by project where some are named; one that the log does not tell is no project', async () => {
    expect(await differences({ projects: ['Demo'] })).toEqual([]);
    const { exit, out } = await audit({ projects: ['nothing'] });
    expect([exit, out]).toEqual([2, expect.stringContaining('audit.no-such-project')]);
  });
});

const page = `simple/${demo}/index.json`;
const evidence = `evidence/${demo}`;

const lies: [string, string[], () => unknown][] = [
  [
    'a release is left out of the list',
    [`hidden-release ${evidence}/releases.json`],
    () => relist((list) => without(list, '1.0')),
  ],
  [
    'an older record is listed',
    [`older-list ${evidence}/releases.json`],
    () =>
      relist((list) => {
        const listed = list.versions['1.0'];
        if (!listed) throw new Error('1.0 is listed');
        return { ...list, versions: { ...list.versions, '2.0': listed } };
      }),
  ],
  [
    'a release is listed that the log does not tell',
    [`not-in-log ${evidence}/releases.json`],
    () =>
      relist((list) => {
        const listed = list.versions['1.0'];
        if (!listed) throw new Error('1.0 is listed');
        return { ...list, versions: { ...list.versions, '3.0': listed } };
      }),
  ],
  [
    'an older policy is said to be in force',
    [`older-list ${evidence}/releases.json`],
    () => relist((list) => ({ ...list, policy: list.policy + 1 })),
  ],
  [
    'the list is not signed by the index',
    [`not-countersigned ${evidence}/releases.json`],
    () => replaceIn(`${evidence}/releases.json`, /"serial": \d+/, '"serial": 99'),
  ],
  ['the list is gone', [`not-served ${evidence}/releases.json`], () => index.tree.delete(`${evidence}/releases.json`)],
  [
    'a record has other bytes',
    [`differs ${evidence}/releases/1.0/1.json`],
    () => replaceIn(`${evidence}/releases/1.0/1.json`, /"date": "[^"]+"/, '"date": "2026-01-01T00:00:00Z"'),
  ],
  ['a policy is gone', [`not-served ${evidence}/policy/1.json`], () => index.tree.delete(`${evidence}/policy/1.json`)],
  [
    'a policy lost its signatures',
    [`policies ${evidence}/policy/1.json`],
    () => index.tree.delete(`${evidence}/policy/1.json.asc`),
  ],
  [
    'the JSON page offers another file',
    [`page ${page}`, `page ${page}`],
    () => replaceIn(page, /"sha256":"[0-9a-f]{64}"/, `"sha256":"${'0'.repeat(64)}"`),
  ],
  [
    'the JSON page forgets a yank',
    [`page ${page}`, `page ${page}`, `page ${page}`, `page ${page}`],
    () => replaceIn(page, /,"yanked":"[^}]*?"(?=[,}])/g, ',"yanked":false'),
  ],
  [
    'the HTML page says something else than the JSON page',
    [`page simple/${demo}/index.html`, `page simple/${demo}/index.html`],
    () => replaceIn(`simple/${demo}/index.html`, /#sha256=[0-9a-f]{64}/, `#sha256=${'0'.repeat(64)}`),
  ],
  [
    'the project is left out of the list of projects',
    ['page simple/index.json'],
    () => replaceIn('simple/index.json', /\{"name":"demo"\}/, ''),
  ],
  [
    'the list of projects names one that published nothing',
    ['page simple/index.json'],
    () => replaceIn('simple/index.json', '{"name":"demo"}', '{"name":"demo"},{"name":"other"}'),
  ],
];

describe('an index that serves something else', () => {
  it.each(lies)('is found out: %s', async (_, expected, lie) => {
    await lie();
    expect(await differences()).toEqual(expected);
  });

  it('is found out by the bytes of a file, if they are asked for', async () => {
    const place = [...index.tree.keys()].find((name) => name.startsWith('files/') && name.endsWith('.whl')) ?? '';
    index.tree.set(place, Buffer.from(need(place)).reverse());
    expect(await differences()).toEqual([]);
    expect(await differences({ files: true })).toEqual([`file ${place}`]);
  });

  it('is told in words that no terminal obeys', async () => {
    replaceIn(page, /"filename":"demo-1\.0-/, '"filename":"\\u001b[2Jdemo-1.0-');
    const { exit, out } = await audit({ json: false });
    expect(exit).toBe(1);
    expect(out).not.toContain('\u001b');
  });
});

describe('the audit ends without comparing', () => {
  it.each([
    [
      'a bundle of entries is missing',
      'log.incomplete',
      1,
      () =>
        [...index.tree.keys()]
          .filter((name) => name.startsWith('log/tile/entries'))
          .forEach((name) => index.tree.delete(name)),
    ],
    ['the checkpoint is gone', 'log.missing', 1, () => index.tree.delete(checkpointPath)],
    [
      'something is away for a moment',
      'verify.unreachable',
      3,
      () => index.answer(/policy/, (res) => void res.writeHead(503).end()),
    ],
  ])('when %s (%s)', async (_, code, exit, lie) => {
    lie();
    const found = await audit();
    expect([found.exit, found.out]).toEqual([exit, expect.stringContaining(`"${code}"`)]);
    expect(kept()).toEqual([]);
  });

  it('when a witness who was asked for has not cosigned', async () => {
    const witness = makeWitness('witness.example/one');
    const found = await audit({ witness: [witness.vkey] });
    expect([found.exit, found.out]).toEqual([1, expect.stringContaining('log.not-witnessed')]);
    index.tree.set(checkpointPath, witness.cosign(need(checkpointPath), 1_800_000_000));
    const { out, exit } = await audit({ witness: [witness.vkey] });
    expect([exit, (JSON.parse(out) as Answer).cosigned]).toEqual([
      0,
      [{ name: witness.key.name, at: '2027-01-15T08:00:00.000Z' }],
    ]);
  });

  it('at first contact without the key of the index (exit 4), and keeps nothing', async () => {
    expect((await audit({ indexKey: undefined })).exit).toBe(4);
    expect(kept()).toEqual([]);
  });
});
