// The countersigner as a process of its own, killed with SIGKILL at each request that it makes, one after the other, each time started again on
// what is left. In the end the release is published once, and everything that was posted is one unbroken chain.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRecord } from '#lib/core/release.ts';
import { indexFolder } from '#lib/server/handoff/index-folder.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { addDraftRows, addProject, draftId, startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { ada, bo } from '../support/scene.ts';

let world: TestRuntime;
let countersigner: Countersigner;
let requests = 0;
let killAt = 0;
let child: ChildProcess | null = null;

beforeEach(async () => {
  // The process has the clock of the machine, so the rows have it too.
  world = await openTestRuntime({ at: new Date().toISOString() });
  countersigner = await startCountersigner(world.secrets.handoff, () => {
    requests += 1;
    if (requests === killAt) child?.kill('SIGKILL');
  });
});
afterEach(async () => {
  await countersigner.close();
  await world.close();
});

const main = path.join(import.meta.dirname, '..', '..', 'countersigner', 'main.ts');

/** One round in a process of its own; answers whether it lived to the end. */
function runOnce(): Promise<boolean> {
  const env: NodeJS.ProcessEnv = {
    ...{ NODE_ENV: 'test', PATH: process.env['PATH'], COUNTERSIGN_URL: countersigner.url },
    ...{ HANDOFF_TOKEN: world.secrets.handoff, STATE_DIR: path.join(world.config.dataFolder, 'countersigner') },
  };
  return new Promise((resolve) => {
    const started = spawn(process.execPath, ['--import', 'tsx', main, 'once'], { env, stdio: 'ignore' });
    child = started;
    started.on('exit', (code) => resolve(code === 0));
  });
}

test('killed at each of its requests in turn, it publishes the release once and never contradicts itself', async () => {
  await addProject();
  await addDraftRows([ada, bo]);
  let lived = false;
  for (killAt = 1; !lived && killAt < 30; killAt += 1) {
    requests = 0;
    lived = await runOnce();
    await placeHandbacks();
  }
  expect(lived).toBe(true);
  expect((await world.db.draft.findUniqueOrThrow({ where: { id: draftId } })).state).toBe('published');
  const sequences = (await world.db.handback.findMany({ orderBy: { id: 'asc' } })).map((row) => [
    Number(row.id),
    row.state,
  ]);
  expect(sequences).toEqual(sequences.map((_, at) => [at + 1, 'placed']));
  expect(await world.db.historyEntry.count({ where: { kind: 'release.published' } })).toBe(1);
  expect(await world.db.historyEntry.count({ where: { kind: 'handback.refused' } })).toBe(0);
  const record = readRecord(readFileSync(path.join(indexFolder(), 'evidence/demo/releases/1.0/1.json')));
  expect(record.signatures.map((signature) => signature.person)).toEqual(['ada', 'bo']);
});
