// The bins of the TUF metadata: whatever was once recent stays findable, each target in one place, while the index grows from nothing to thousands of
// targets; and what a publication writes does not depend on how many there are.
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BaseFetcher, Updater } from 'tuf-js';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { binOf, divide, prefixesOf, targetsMax, wholeBin, type FilledBin } from '#countersigner/tuf/bins.ts';
import { initRoleKeys, readRoleKeys } from '#countersigner/tuf/role-keys.ts';
import { readBins, readEntries, type TargetFacts } from '#countersigner/tuf/state.ts';
import { nextStep, recentMax } from '#countersigner/tuf/upkeep.ts';
import { writeTuf, type TufParts, type TufWritten } from '#countersigner/tuf/write-tuf.ts';
import { openStore, type Store } from '../../countersigner/store.ts';
import { index } from '../support/scene.ts';

let folder: string;
let store: Store;
let served: Map<string, Uint8Array>;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tuf-bins-'));
  store = openStore(path.join(folder, 'state'));
  initRoleKeys(store);
  served = new Map();
});
afterEach(() => rmSync(folder, { recursive: true }));

const parts = (): TufParts => ({ store, keys: readRoleKeys(store), index, now: Date.now() });

/** Keeps and serves what was written; answers its weight. */
function take(written: TufWritten): { files: number; bytes: number } {
  store.commit(written.kept);
  for (const [place, bytes] of written.served) served.set(place, bytes);
  return { files: written.served.size, bytes: [...written.served.values()].reduce((sum, one) => sum + one.length, 0) };
}

const facts = (name: string): TargetFacts => ({ sha256: sha256Hex(Buffer.from(name)), length: name.length });
const release = (project: number, count: number): Map<string, TargetFacts> =>
  new Map(
    Array.from({ length: count }, (_, at) => `evidence/p${project}/releases/1.0/${at}.json`).map((name) => [
      name,
      facts(name),
    ]),
  );

/** Everything that is due, and the most that one step wrote. */
function settleAll(): number {
  let most = 0;
  for (let step = nextStep(parts()); step !== null; step = nextStep(parts())) most = Math.max(most, take(step).files);
  return most;
}

/** tuf-js, from memory. */
class ServedFetcher extends BaseFetcher {
  override async fetch(url: string): Promise<Readable> {
    const bytes = served.get(`tuf/${new URL(url).pathname.slice(1)}`);
    if (!bytes) throw Object.assign(new Error(`404 ${url}`), { statusCode: 404 });
    return Readable.from([Buffer.from(bytes)]);
  }
}

function client(): Updater {
  const metadataDir = path.join(folder, `client-${served.size}`);
  mkdirSync(metadataDir);
  writeFileSync(path.join(metadataDir, 'root.json'), served.get('tuf/1.root.json') ?? '');
  const options = { metadataDir, metadataBaseUrl: 'http://index', targetDir: folder, fetcher: new ServedFetcher() };
  const updater = new Updater(options);
  // No later root is there: what the fetcher of the library says by its own error.
  (updater as unknown as { loadRoot: () => Promise<void> }).loadRoot = () => Promise.resolve();
  return updater;
}

test('every target stays findable while what is recent moves on to bins and bins are divided', async () => {
  take(writeTuf(parts(), new Map()));
  const all: string[] = [];
  for (let project = 0; project < 12; project += 1) {
    const added = release(project, 200);
    all.push(...added.keys());
    take(writeTuf(parts(), added));
    expect(settleAll()).toBeLessThanOrEqual(16 + 8 + 4);
  }
  const bins = readBins(store);
  expect(readEntries(store, 'recent').size).toBeLessThanOrEqual(recentMax);
  expect(bins.length).toBeGreaterThan(5);
  for (const bin of bins) expect([bin.name, bin.count]).toEqual([bin.name, readEntries(store, bin.name).size]);
  expect(Math.max(...bins.map((bin) => bin.count))).toBeLessThanOrEqual(targetsMax);
  const updater = client();
  await updater.refresh();
  for (const name of all) expect((await updater.getTargetInfo(name))?.hashes).toEqual({ sha256: facts(name).sha256 });
  expect(await updater.getTargetInfo('evidence/other/releases.json')).toBeUndefined();
});

test('a target that changes is the newer one, wherever the older one is', async () => {
  take(writeTuf(parts(), release(0, 600)));
  settleAll();
  const [name = ''] = [...readEntries(store, readBins(store)[0]?.name ?? '').keys()];
  take(writeTuf(parts(), new Map([[name, facts('newer')]])));
  expect((await client().getTargetInfo(name))?.hashes).toEqual({ sha256: facts('newer').sha256 });
  take(writeTuf(parts(), release(1, 400)));
  settleAll();
  expect((await client().getTargetInfo(name))?.hashes).toEqual({ sha256: facts('newer').sha256 });
});

test('a publication writes three files, in a small index and in a large one', () => {
  take(writeTuf(parts(), new Map()));
  const small = take(writeTuf(parts(), release(0, 12)));
  take(writeTuf(parts(), release(1, 5000)));
  settleAll();
  const large = take(writeTuf(parts(), release(2, 12)));
  expect([small.files, large.files]).toEqual([3, 3]);
  expect(large.bytes).toBeLessThan(60_000);
});

test('a round with nothing to do writes nothing', () => {
  take(writeTuf(parts(), release(0, 1000)));
  settleAll();
  expect(nextStep(parts())).toBeNull();
});

test('the prefixes of the bins cover every path once, however they were divided, and never become more than there may be', () => {
  const whole: FilledBin = { bin: wholeBin(), entries: release(0, 8000) };
  const divided = divide(whole, 9);
  expect(divided).toHaveLength(10);
  const prefixes = divided.flatMap(({ bin }) => prefixesOf(bin));
  for (let place = 0; place < 4096; place += 1) {
    const hex = place.toString(16).padStart(3, '0');
    expect(prefixes.filter((prefix) => hex.startsWith(prefix))).toHaveLength(1);
  }
  const bins = divided.map(({ bin }) => bin);
  for (const { bin, entries } of divided)
    for (const name of entries.keys()) expect(binOf(bins, name).name).toBe(bin.name);
  expect(divide(whole, 2000).length).toBeLessThanOrEqual(1024);
});
