// A release from people to pip, by nothing but a database and a store that speaks S3: its files lie in one bucket, the index in another, and every pip takes it
// from there. Whoever reads it asks nobody of us.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { mirrorIndex } from '#lib/server/handoff/mirror-index.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { openPostgresForTests } from '../../scripts/postgres.mjs';
import { addDraftRows, addProject, startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { findPips } from '../support/pip.ts';
import { ada, bo, wheel, wheelName } from '../support/scene.ts';
import { startSwift, type Swift } from '../support/swift.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bucket-index-'));
let swift: Swift;
let postgres: { url: string; close: () => Promise<void> };
let runtime: Runtime;
let countersigner: Countersigner;
let readAt: string;

beforeAll(async () => {
  swift = await startSwift();
  postgres = await openPostgresForTests();
  const index = await swift.publicBucket('the-index');
  readAt = index.readAt;
  const environment = {
    ...{ DATA_DIR: path.join(folder, 'data'), DATABASE_URL: postgres.url, PUBLIC_URL: 'https://sign.example.org' },
    ...{ FILES_URL: await swift.bucket('the-files'), INDEX_URL: index.url, INDEX_SLASH: 'yes', ...swift.keys },
  };
  // The time of the scene's keys and statements.
  const clock = { now: () => new Date('2026-11-22T12:00:00Z') };
  runtime = await openRuntime(readConfig(environment), { clock });
  countersigner = await startCountersigner();
  await addProject();
  await addDraftRows([ada, bo]);
  await countersigner.round();
  await placeHandbacks();
});
afterAll(async () => {
  await countersigner?.close();
  await runtime?.close();
  await postgres?.close();
  await swift?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('Debian’s pip and the newest take the release from the bucket, byte for byte', async () => {
  expect(await mirrorIndex()).toBe(true);
  for (const pip of await findPips(folder)) {
    const to = path.join(folder, `pip-${pip.version}`);
    mkdirSync(to);
    const from = ['--no-deps', '--index-url', `${readAt}/simple/`, '--only-binary=:all:'];
    const said = await pip.run(['download', ...from, '--dest', to, 'demo==1.0'], to);
    expect(said.code, `pip ${pip.version}: ${said.text}`).toBe(0);
    expect(readFileSync(path.join(to, wheelName))).toEqual(wheel());
  }
});

it('the bucket says types and caching as we do', async () => {
  const said = async (place: string) => {
    const { headers, status } = await fetch(`${readAt}/${place}`);
    return [status, headers.get('content-type'), headers.get('cache-control')];
  };
  expect(await said('simple/demo/')).toEqual([200, 'text/html; charset=utf-8', expect.stringContaining('max-age=0')]);
  expect(await said('tuf/timestamp.json')).toEqual([200, 'application/json', expect.stringContaining('max-age=0')]);
  expect(await said('tuf/1.root.json')).toEqual([200, 'application/json', expect.stringContaining('immutable')]);
  expect(await said('simple/absent/')).toEqual([404, expect.anything(), null]);
});
