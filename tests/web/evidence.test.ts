// The evidence bundle of a release over real HTTP: made from the tree alone, the same for everybody, made once until the tree changes; what is not
// published has none.
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noteCheck } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { gatherBundle } from '#lib/evidence/gather-bundle.ts';
import { packReleaseBundle, readReleaseBundle } from '#lib/evidence/release-bundle.ts';
import { indexFolder } from '#lib/server/handoff/index-folder.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { limits } from '#lib/server/limits.ts';
import { evidenceRoute } from '#web/evidence.ts';
import { addDraftRows, addProject, startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { noRoute, serveRoutes, type RouteServer } from '../support/route-server.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { ada, bo, demo } from '../support/scene.ts';
import type { Version } from '#lib/core/ids.ts';

let world: TestRuntime;
let countersigner: Countersigner;
let server: RouteServer;
beforeAll(async () => {
  world = await openTestRuntime({ at: '2026-11-22T12:00:00Z' });
  countersigner = await startCountersigner();
  await addProject();
  await addDraftRows([ada, bo]);
  await countersigner.round();
  await placeHandbacks();
  server = await serveRoutes(evidenceRoute);
});
afterAll(async () => {
  await server.stop();
  await countersigner.close();
  await world.close();
});

const place = '/projects/demo/releases/1.0/demo-1.0.evidence.zip';
const get = (address: string, init: RequestInit = {}) => fetch(`${server.base}${address}`, init);
const fromFolder = async (): Promise<Buffer> => {
  const read = async (at: string) => {
    const file = path.join(indexFolder(), at);
    return existsSync(file) ? readFileSync(file) : null;
  };
  const gathering = { checking: { hashing, note: noteCheck }, now: world.clock.now().getTime() };
  const entries = await gatherBundle(read, { project: demo, version: '1.0' as Version }, gathering);
  return Buffer.from(packReleaseBundle(entries ?? new Map()));
};

describe('the evidence bundle of a published release', () => {
  test('is what the tree gives, as an attachment that no browser opens, for everybody', async () => {
    const answer = await get(place);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="demo-1.0.evidence.zip"',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=0, must-revalidate',
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.equals(await fromFolder())).toBe(true);
    expect((await readReleaseBundle(bytes)).record).toMatchObject({ project: 'demo', version: '1.0' });
  });

  test('holds nothing that the tree does not hold', async () => {
    const bundle = await readReleaseBundle(new Uint8Array(await (await get(place)).arrayBuffer()));
    for (const at of bundle.paths)
      expect(await bundle.read(at), at).toEqual(new Uint8Array(readFileSync(path.join(indexFolder(), at))));
  });

  test('answers HEAD without bytes, and 304 to whoever has it', async () => {
    const head = await get(place, { method: 'HEAD' });
    expect([head.status, (await head.arrayBuffer()).byteLength]).toEqual([200, 0]);
    const again = await get(place, { headers: { 'if-none-match': head.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });

  test('is asked for until the tree fits together: while something is missing the answer is 503', async () => {
    const aside = mkdtempSync(path.join(tmpdir(), 'aside-'));
    const checkpoint = path.join(indexFolder(), 'log', 'checkpoint');
    renameSync(checkpoint, path.join(aside, 'checkpoint'));
    const answer = await get(place);
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'evidence.being-written' }]);
    renameSync(path.join(aside, 'checkpoint'), checkpoint);
    rmSync(aside, { recursive: true });
    expect((await get(place)).status).toBe(200);
  });
});

describe('there is no evidence bundle', () => {
  test.each([
    ['of another version', '/projects/demo/releases/9.9/demo-9.9.evidence.zip'],
    ['of another project', '/projects/other/releases/1.0/other-1.0.evidence.zip'],
    ['of what is no version', '/projects/demo/releases/one/demo-one.evidence.zip'],
    ['of a path that leads elsewhere', '/projects/..%2f..%2fsecrets/releases/1.0/..%2f..%2fsecrets-1.0.evidence.zip'],
  ])('%s', async (_, address) => {
    const answer = await get(address);
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'release.not-found' }]);
  });

  test('under another name, nor for whoever posts', async () => {
    expect((await get('/projects/demo/releases/1.0/other.evidence.zip')).status).toBe(noRoute);
    expect((await get(place, { method: 'POST' })).status).toBe(noRoute);
  });
});

test('one client cannot have bundles made without end', async () => {
  const statuses = new Set<number>();
  for (let asked = 0; asked <= limits.evidencePerClient; asked += 100)
    for (const answer of await Promise.all(Array.from({ length: 100 }, () => get(place, { method: 'HEAD' }))))
      statuses.add(answer.status);
  expect([...statuses].sort()).toEqual([200, 429]);
});
