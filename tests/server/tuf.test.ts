// The TUF repository as jobs put it in place and the web program serves it, read by an unmodified tuf-js over HTTP: pages, records and the
// distribution files themselves.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Updater } from 'tuf-js';
import { readRecord } from '#lib/core/release.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { consistentPath, isTarget } from '#lib/evidence/tuf-tree.ts';
import { indexFolder } from '#lib/server/handoff/index-folder.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { isNamedByDigest } from '#lib/server/handoff/served-as.ts';
import { forgetSuperseded } from '#lib/server/handoff/superseded.ts';
import { filePath } from '#lib/simple/page.ts';
import { serveIndex } from '#web/serve-index.ts';
import { openStore } from '../../countersigner/store.ts';
import { addDraftRows, addProject, startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { holdRoot } from '../support/held-root.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { ada, bo, index } from '../support/scene.ts';

let world: TestRuntime;
let countersigner: Countersigner;
let server: Server;
let base: string;
beforeEach(async () => {
  world = await openTestRuntime({ at: '2026-11-22T12:00:00Z' });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-22T12:00:00Z') });
  countersigner = await startCountersigner();
  const route = serveIndex(indexFolder());
  server = createServer((req, res) => void route(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  server.close();
  await countersigner.close();
  await world.close();
});

const hour = 3_600_000;
/** The clock of the file system, whatever this test says the time is. */
const realNow = (): number => statSync(path.join(indexFolder(), 'tuf', 'timestamp.json')).mtimeMs;
const treeNow = (): string[] =>
  readdirSync(indexFolder(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(indexFolder(), path.join(entry.parentPath, entry.name)))
    .sort();
const served = (place: string): Buffer => readFileSync(path.join(indexFolder(), place));

function client(): Updater {
  const metadataDir = path.join(world.config.dataFolder, 'tuf-client');
  mkdirSync(metadataDir, { recursive: true });
  if (!existsSync(path.join(metadataDir, 'root.json')))
    writeFileSync(path.join(metadataDir, 'root.json'), served('tuf/1.root.json'));
  return new Updater({
    ...{ metadataDir, metadataBaseUrl: `${base}/tuf`, targetDir: metadataDir, targetBaseUrl: base },
    config: { fetchRetry: 0 },
  });
}

test('pages, records and files come verified to an unmodified tuf-js, from the tree that jobs put in place', async () => {
  await addProject();
  await addDraftRows([ada, bo]);
  await countersigner.round();
  await placeHandbacks();
  const record = readRecord(served('evidence/demo/releases/1.0/1.json'));
  const files = record.files.map(({ sha256, name }) => filePath(sha256, name));
  const updater = client();
  for (const place of [
    ...['simple/index.html', 'simple/demo/index.json', 'simple/demo/index.html', 'evidence/demo/releases.json'],
    ...['evidence/demo/releases/1.0/1.json', 'evidence/demo/releases/1.0/SHA256SUMS.asc', `keys/${ada.key}.asc`],
    ...files,
  ]) {
    const info = await updater.getTargetInfo(place);
    expect(info, place).toBeDefined();
    if (info) expect(readFileSync(await updater.downloadTarget(info)), place).toEqual(served(place));
  }
  // The place by digest and its second name are the same bytes on the disk.
  const [first = ''] = files;
  const second = consistentPath(first, record.files[0]?.sha256 ?? ('' as never));
  const inodes = [first, second].map((place) => statSync(path.join(indexFolder(), place)).ino);
  expect(inodes[0]).toBe(inodes[1]);
});

test('what was superseded stays for two days and then goes; what is in place, and every root, stays', async () => {
  await addProject();
  await countersigner.round();
  await placeHandbacks();
  const before = new Set(treeNow());
  const list = consistentPath('evidence/demo/releases.json', hashing.sha256(served('evidence/demo/releases.json')));
  await addDraftRows([ada, bo]);
  await countersigner.round();
  await placeHandbacks();
  const all = treeNow();
  await forgetSuperseded(realNow() + 47 * hour);
  expect(treeNow()).toEqual(all);
  await forgetSuperseded(realNow() + 49 * hour);
  const left = treeNow();
  const gone = all.filter((place) => !left.includes(place));
  expect(gone).toContain(list);
  expect(gone.filter((place) => !before.has(place))).toEqual([]);
  expect(gone.every((place) => isNamedByDigest(place.split('/').at(-1) ?? '') || place.startsWith('tuf/'))).toBe(true);
  expect(left).toEqual(expect.arrayContaining(['tuf/1.root.json', 'tuf/timestamp.json']));
  const updater = client();
  for (const place of ['evidence/demo/releases.json', 'simple/demo/index.json', `keys/${ada.key}.asc`]) {
    const info = await updater.getTargetInfo(place);
    expect(info && readFileSync(await updater.downloadTarget(info)), place).toEqual(served(place));
  }
});

test('an index from before TUF is told as a whole by its first metadata, and every target is there under its digest', async () => {
  await addProject();
  await countersigner.round();
  await placeHandbacks();
  const { dataFolder } = world.config;
  // As an older version left it: no metadata on either side, and no second names.
  for (const place of ['countersigner/tuf', 'index/tuf']) rmSync(path.join(dataFolder, place), { recursive: true });
  for (const place of treeNow().filter((name) => isNamedByDigest(name.split('/').at(-1) ?? '')))
    rmSync(path.join(indexFolder(), place));
  holdRoot(openStore(path.join(dataFolder, 'countersigner')), index, Date.now());
  await addDraftRows([ada, bo]);
  await countersigner.round();
  await placeHandbacks();
  const updater = client();
  for (const place of treeNow().filter((name) => isTarget(name) && !isNamedByDigest(name.split('/').at(-1) ?? ''))) {
    const info = await updater.getTargetInfo(place);
    expect(info && readFileSync(await updater.downloadTarget(info)), place).toEqual(served(place));
  }
});
