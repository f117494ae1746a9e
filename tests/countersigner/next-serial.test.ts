// Later records of a release: the next number, made from the one that stands, with list and pages that follow, accepted like any hand-back.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Version } from '#lib/core/ids.ts';
import { readRecord } from '#lib/core/release.ts';
import { readReleaseList } from '#lib/core/release-list.ts';
import { readPageHtml, readPageJson } from '#lib/simple/parse.ts';
import { commitHandback } from '../../countersigner/hand-back.ts';
import { readInstanceState, treePlace } from '../../countersigner/instance-state.ts';
import { readProjectState } from '../../countersigner/project-state.ts';
import { openStore } from '../../countersigner/store.ts';
import { writeNextSerials, type SerialChange } from '../../countersigner/write-record.ts';
import { ada, addDraft, addPolicy, bo, demo, index, minute, openScene, type Scene } from '../support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
  addPolicy(scene);
  addDraft(scene, [ada, bo]);
  await scene.round();
  scene.now += 10 * minute;
});
afterEach(() => scene.close());

const version = '1.0' as Version;
const need = async (place: string): Promise<Uint8Array> => {
  const bytes = (await scene.tree()).get(place);
  if (!bytes) throw new Error(`${place} was not posted`);
  return bytes;
};
const recordNow = async (serial: number) => readRecord(await need(`evidence/demo/releases/1.0/${serial}.json`));

/** Writes the next record as the countersigner would after its decision; the next round posts it. */
async function next(change: SerialChange, spelling = version): Promise<void> {
  const store = openStore(scene.folder);
  const instance = readInstanceState(store);
  if (!instance) throw new Error('the countersigner has no state');
  const readTree = (path: string) => store.read(treePlace(path));
  const writing = { index, keys: scene.keys, readTree, now: scene.now };
  const written = await writeNextSerials(writing, readProjectState(store, demo), new Map([[spelling, change]]));
  await commitHandback(store, writing, { instance, paths: written.paths, project: written.state });
  await scene.round();
}

test('a later record says what changed and nothing else, and the one before stays as it was', async () => {
  const first = await need('evidence/demo/releases/1.0/1.json');
  const before = readReleaseList(await need('evidence/demo/releases.json'));
  await next({ state: 'quarantined', reason: 'one key was revoked' });
  const record = await recordNow(2);
  expect({ ...record, serial: 1, state: 'published', reason: null, date: (await recordNow(1)).date }).toEqual(
    await recordNow(1),
  );
  expect(record).toMatchObject({ serial: 2, state: 'quarantined', reason: 'one key was revoked' });
  expect(await need('evidence/demo/releases/1.0/1.json')).toEqual(first);
  const list = readReleaseList(await need('evidence/demo/releases.json'));
  expect(list).toMatchObject({ serial: before.serial + 1, versions: { '1.0': { serial: 2 } } });
});

test('a quarantined release leaves both pages, and comes back with the next record', async () => {
  const published = readPageJson(await need('simple/demo/index.json'));
  await next({ state: 'quarantined', reason: 'one key was revoked' });
  expect(readPageJson(await need('simple/demo/index.json')).files).toEqual([]);
  expect(readPageHtml(await need('simple/demo/index.html')).files).toEqual([]);
  await next({ state: 'published', reason: null });
  const again = readPageJson(await need('simple/demo/index.json'));
  expect(again.files).toEqual(published.files);
  expect(again.records.get(version)?.url).toBe('../../evidence/demo/releases/1.0/3.json');
});

test('a yank stands in both pages and stays through a quarantine', async () => {
  const yanked = { reason: 'broken', by: ada.name, sha256: 'a'.repeat(64) as never };
  await next({ yanked });
  expect(readPageJson(await need('simple/demo/index.json')).files.map((file) => file.yanked)).toEqual(
    readPageHtml(await need('simple/demo/index.html')).files.map((file) => file.yanked),
  );
  await next({ state: 'quarantined', reason: 'one key was revoked' });
  expect((await recordNow(3)).yanked).toEqual(yanked);
  await next({ state: 'published', reason: null, yanked: null });
  expect(await recordNow(4)).toMatchObject({ state: 'published', yanked: null });
});

test('another spelling of the version is the same release', async () => {
  await next({ state: 'quarantined', reason: 'one key was revoked' }, '1.0.0' as Version);
  expect((await recordNow(2)).version).toBe('1.0');
});

test('a version that was never published has no next record', async () => {
  const before = scene.picture();
  await expect(next({ state: 'quarantined', reason: 'x' }, '2.0' as Version)).rejects.toThrow('never published');
  expect(scene.picture()).toEqual(before);
});

test('is not made from a copy of the record that is not the signed one', async () => {
  const store = openStore(scene.folder);
  const place = treePlace('evidence/demo/releases/1.0/1.json');
  const text = Buffer.from(store.read(place) ?? []).toString();
  store.commit(new Map([[place, Buffer.from(text.replace('"yanked": null', '"yanked":  null'))]]));
  await expect(next({ state: 'quarantined', reason: 'x' })).rejects.toThrow('not the one that was signed');
});
