// The index tree in a bucket: what was placed is put there in the order that readers need, wherever the jobs program is killed, with the headers that our own
// answers have. The bucket here is a server of the tests' own; a real one is in tests/interop.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { indexFolder } from '#lib/server/handoff/index-folder.ts';
import { markKey, mirrorIndex } from '#lib/server/handoff/mirror-index.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { honest, startFakeBucket, type FakeBucket } from '../support/fake-bucket.ts';
import { addDraftRows, addProject, startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { ada, bo, wheelName } from '../support/scene.ts';

let bucket: FakeBucket;
let world: TestRuntime;
let countersigner: Countersigner;

/** What was written since it was last forgotten, in order. */
const written = (): string[] => bucket.asked.flatMap(({ method, key }) => (method === 'PUT' ? [key] : []));
const forgetWritten = (): void => void (bucket.asked = []);
const headersAt = (place: string) =>
  bucket.asked.findLast(({ method, key }) => method === 'PUT' && key === place)?.headers;

beforeEach(async () => {
  bucket = await startFakeBucket();
  const environment = { INDEX_URL: bucket.url, ...bucket.keys, INDEX_SLASH: 'yes' };
  world = await openTestRuntime({ at: '2026-11-22T12:00:00Z', environment });
  countersigner = await startCountersigner();
  await addProject();
  await addDraftRows([ada, bo]);
});
afterEach(async () => {
  await countersigner.close();
  await world.close();
  await bucket.stop();
});

async function publish(): Promise<void> {
  await countersigner.round();
  await placeHandbacks();
}
const treeNow = (): Map<string, Buffer> =>
  new Map(
    readdirSync(indexFolder(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(indexFolder(), file), readFileSync(file)]),
  );

/** Everything of our tree is there byte for byte, and nothing else but what is said here. */
function expectWhole(): void {
  const tree = treeNow();
  for (const [place, bytes] of tree) expect(bucket.objects.get(place)?.bytes.equals(bytes), place).toBe(true);
  const more = [...bucket.objects.keys()].filter((key) => !tree.has(key));
  expect(more.sort()).toEqual([markKey, 'simple/', 'simple/demo/']);
}
const turnOf = (place: string): number =>
  [
    /^files\/|\/[0-9a-f]{64}\.[^/]+$/,
    /^(?:keys|evidence)\//,
    /^log\/(?!checkpoint)/,
    /^(?:simple\/|log\/checkpoint)/,
  ].findIndex((pattern) => pattern.test(place));

test('a new bucket gets all of it, the next publication what is new; and when nothing happened nothing is written', async () => {
  await publish();
  expect(await mirrorIndex()).toBe(true);
  expectWhole();
  const before = written().length;
  expect(await mirrorIndex()).toBe(false);
  expect(written().length).toBe(before);
  world.advance(7 * 3_600_000); // a timestamp is signed anew
  await publish();
  forgetWritten();
  expect(await mirrorIndex()).toBe(true);
  expect(written()).toContain('tuf/timestamp.json');
  expect(written().length).toBeLessThan(before / 2);
  expectWhole();
});

test('files come first, then documents, the log, pages, and the timestamp last of all, before the note of how far it is', async () => {
  await publish();
  await mirrorIndex();
  const turns = written()
    .filter((place) => !/^(?:tuf\/|countersign-)/.test(place))
    .map(turnOf);
  expect(turns).toEqual([...turns].sort((a, b) => a - b));
  expect(written().slice(-2)).toEqual(['tuf/timestamp.json', markKey]);
});

test('a release that is published later comes in the same order, its files included', async () => {
  await world.db.draft.updateMany({ data: { state: 'draft' } });
  await publish();
  await mirrorIndex();
  await world.db.draft.updateMany({ data: { state: 'approved' } });
  world.advance(60_000);
  forgetWritten();
  await publish();
  await mirrorIndex();
  expect(written()[0]).toContain('files/');
  expect(written().some((place) => place.endsWith(`/${wheelName}`))).toBe(true);
  expectWhole();
});

test('it is whole in the end, wherever the jobs program is killed', async () => {
  await publish();
  for (const point of ['mirror.documents', 'mirror.log', 'mirror.pages', 'mirror.timestamp']) {
    world.hold = async (reached) => {
      if (reached === point) throw new Error('killed');
    };
    await expect(mirrorIndex()).rejects.toThrow('killed');
    expect(bucket.objects.has(markKey)).toBe(false);
  }
  delete world.hold;
  expect(await mirrorIndex()).toBe(true);
  expectWhole();
});

test('a bucket that is down costs nobody a publication, and is caught up with', async () => {
  bucket.lie = (_, res) => {
    res.writeHead(403).end();
    return true;
  };
  await publish();
  await expect(mirrorIndex()).rejects.toMatchObject({ code: 'storage.refused' });
  expect((await world.db.draft.findFirstOrThrow()).state).toBe('published');
  bucket.lie = honest;
  expect(await mirrorIndex()).toBe(true);
  expectWhole();
});

test('each place says its type, and whether it may be kept', async () => {
  await publish();
  await mirrorIndex();
  const said = (place: string) => {
    const { 'content-type': type, 'cache-control': keep } = headersAt(place) ?? {};
    return [type, keep?.includes('immutable')];
  };
  expect(said('simple/demo/index.html')).toEqual(['text/html; charset=utf-8', false]);
  expect(said('simple/demo/')).toEqual(['text/html; charset=utf-8', false]);
  expect(said('simple/index.json')).toEqual(['application/json', false]);
  expect(said('tuf/timestamp.json')).toEqual(['application/json', false]);
  expect(said('tuf/1.root.json')).toEqual(['application/json', true]);
  expect(said('evidence/demo/policy/1.json')).toEqual(['application/json', true]);
  const wheel = [...bucket.objects.keys()].find((key) => key.endsWith(`/${wheelName}`)) ?? '';
  expect(said(wheel)).toEqual(['application/octet-stream', true]);
  expect(headersAt(wheel)?.['content-disposition']).toBe(`attachment; filename="${wheelName}"`);
});
