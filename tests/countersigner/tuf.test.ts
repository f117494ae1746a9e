// The TUF metadata of the index (docs/formats/tuf.md), read by an unmodified tuf-js over HTTP from the tree as the hand-backs put it in place: everything
// served is a target, nothing else is, and no version number ever names two contents.
import { createServer, type Server } from 'node:http';
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Updater } from 'tuf-js';
import { hashing } from '#lib/digest/hashing.ts';
import { consistentPath, isTarget, readRolePath } from '#lib/evidence/tuf-tree.ts';
import { readRecord } from '#lib/core/release.ts';
import { filePath } from '#lib/simple/page.ts';
import { serveIndex } from '#web/serve-index.ts';
import { refusalOf } from '../support/pgp.ts';
import { ada, addDraft, addPolicy, bo, minute, openScene, type Scene } from '../support/scene.ts';

const hour = 60 * minute;

let scene: Scene;
let folder: string;
let server: Server;
let base: string;

beforeEach(async () => {
  scene = await openScene();
  folder = mkdtempSync(path.join(tmpdir(), 'tuf-test-'));
  const route = serveIndex(path.join(folder, 'tree'));
  server = createServer((req, res) => void route(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.useFakeTimers({ toFake: ['Date'], now: scene.now });
});
afterEach(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  scene.close();
  rmSync(folder, { recursive: true });
});

/** A round at this time; then the tree is put in place as jobs does, each target under both its names. */
async function round(now = scene.now): Promise<void> {
  scene.now = now;
  await scene.round();
  const put = (place: string, bytes: Uint8Array): void => {
    const file = path.join(folder, 'tree', place);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  };
  for (const [place, bytes] of await scene.tree()) {
    put(place, bytes);
    if (isTarget(place)) put(consistentPath(place, hashing.sha256(bytes)), bytes);
    if (!/^evidence\/demo\/releases\/[^/]+\/1\.json$/.test(place)) continue;
    for (const { name, sha256 } of readRecord(bytes).files) {
      const content = scene.files.get(sha256) ?? Buffer.alloc(0);
      for (const each of [filePath(sha256, name), consistentPath(filePath(sha256, name), sha256)]) put(each, content);
    }
  }
  vi.setSystemTime(now);
}

/** A client that trusts this root and has seen nothing else, or what is in its folder. */
function client(name: string, rootVersion = 1): Updater {
  const metadataDir = path.join(folder, name);
  mkdirSync(metadataDir, { recursive: true });
  if (readdirSync(metadataDir).length === 0)
    writeFileSync(
      path.join(metadataDir, 'root.json'),
      readFileSync(path.join(folder, 'tree', `tuf/${rootVersion}.root.json`)),
    );
  return new Updater({
    ...{ metadataDir, metadataBaseUrl: `${base}/tuf`, targetDir: folder, targetBaseUrl: base },
    config: { fetchRetry: 0 },
  });
}

async function fetchTarget(from: Updater, place: string): Promise<Buffer | null> {
  const info = await from.getTargetInfo(place);
  return info ? readFileSync(await from.downloadTarget(info, path.join(folder, 'fetched'))) : null;
}

const served = (place: string): Buffer => readFileSync(path.join(folder, 'tree', place));

describe('an unmodified tuf-js that begins with the root', () => {
  test('gets every page, document, certificate and file that is served, and nothing else', async () => {
    addPolicy(scene);
    addDraft(scene, [ada, bo]);
    await round();
    const updater = client('fresh');
    const places = [...(await scene.tree()).keys()].filter(isTarget);
    const record = readRecord(served('evidence/demo/releases/1.0/1.json'));
    places.push(...record.files.map(({ sha256, name }) => filePath(sha256, name)));
    expect(places.length).toBeGreaterThan(15);
    for (const place of places) expect(await fetchTarget(updater, place), place).toEqual(served(place));
    for (const place of ['simple/other/index.html', 'log/checkpoint', 'tuf/timestamp.json'])
      expect(await updater.getTargetInfo(place), place).toBeUndefined();
  });

  test('follows from one publication to the next, and sees what changed', async () => {
    addPolicy(scene);
    await round();
    const before = await fetchTarget(client('kept'), 'evidence/demo/releases.json');
    addDraft(scene, [ada, bo]);
    await round(scene.now + minute);
    const after = await fetchTarget(client('kept'), 'evidence/demo/releases.json');
    expect(after).toEqual(served('evidence/demo/releases.json'));
    expect(after).not.toEqual(before);
  });

  test('refuses other bytes than those of the target', async () => {
    addPolicy(scene);
    await round();
    const info = await client('fresh').getTargetInfo('evidence/demo/releases.json');
    const place = consistentPath('evidence/demo/releases.json', (info?.hashes['sha256'] ?? '') as never);
    writeFileSync(path.join(folder, 'tree', place), Buffer.alloc(info?.length ?? 0));
    await expect(fetchTarget(client('fresh'), 'evidence/demo/releases.json')).rejects.toThrow(/hash/);
  });
});

describe('the timestamp', () => {
  test('is good for 24 hours and renewed after six, though nothing else happens', async () => {
    await round();
    const expires = (): number => Date.parse(JSON.parse(served('tuf/timestamp.json').toString()).signed.expires);
    const posts = scene.posts.length;
    expect(expires() - scene.now).toBe(24 * hour);
    await round(scene.now + 6 * hour - 1000);
    expect(scene.posts).toHaveLength(posts);
    await round(scene.now + 1000);
    expect(scene.posts).toHaveLength(posts + 1);
    expect(expires() - scene.now).toBe(24 * hour);
    await client('fresh').refresh();
  });

  test('that nobody renews is refused by a client', async () => {
    await round();
    vi.setSystemTime(scene.now + 24 * hour);
    await expect(client('fresh').refresh()).rejects.toThrow('expired');
  });

  test('is followed by the other roles long before they end: the index is readable after a year of rounds', async () => {
    addPolicy(scene);
    await round();
    const begin = scene.now;
    for (let day = 1; day < 330; day += 47) await round(begin + day * 24 * hour);
    expect(await fetchTarget(client('fresh'), 'evidence/demo/policy/1.json')).toEqual(
      served('evidence/demo/policy/1.json'),
    );
  });
});

test('nothing is signed while the clock is behind what was signed, and everything again when it is right', async () => {
  await round();
  const before = scene.picture();
  const right = scene.now;
  scene.now = right - hour;
  expect(await refusalOf(() => scene.round())).toBe('countersigner.clock');
  expect(scene.picture()).toEqual(before);
  await round(right);
});

test('a version of a role has one content for ever', async () => {
  addPolicy(scene);
  const seen = new Map<string, string>();
  for (let at = 0; at < 5; at += 1) {
    if (at === 2) addDraft(scene, [ada, bo]);
    await round(scene.now + 7 * hour);
    for (const [place, bytes] of await scene.tree()) {
      if (readRolePath(place) === null) continue;
      expect(seen.get(place) ?? hashing.sha256(bytes), place).toBe(hashing.sha256(bytes));
      seen.set(place, hashing.sha256(bytes));
    }
  }
  expect(seen.size).toBeGreaterThan(5);
});
