// The copy of the index tree on another machine: what jobs placed elsewhere is put in place here too, byte for byte, and tells nobody a second time. The other
// machine is another folder here: what stands under `index` is the machine that the test is at.
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followIndex } from '#lib/server/handoff/follow-index.ts';
import { indexFolder } from '#lib/server/handoff/index-folder.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { addDraftRows, addProject, startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { ada, bo } from '../support/scene.ts';

let world: TestRuntime;
let countersigner: Countersigner;
beforeEach(async () => {
  world = await openTestRuntime({ at: '2026-11-22T12:00:00Z' });
  countersigner = await startCountersigner();
  await addProject();
  await countersigner.round();
  await placeHandbacks();
  await addDraftRows([ada, bo]);
  await countersigner.round();
  await placeHandbacks();
});
afterEach(async () => {
  await countersigner.close();
  await world.close();
});

/** The machine that jobs is on, and the one that follows, change places. */
function goToOtherMachine(): void {
  const [here, other, between] = ['index', 'index-of-the-other', 'index-between'].map((name) =>
    path.join(world.config.dataFolder, name),
  ) as [string, string, string];
  if (existsSync(here)) renameSync(here, between);
  if (existsSync(other)) renameSync(other, here);
  if (existsSync(between)) renameSync(between, other);
}
const treeNow = (): Record<string, string> =>
  Object.fromEntries(
    (existsSync(indexFolder()) ? readdirSync(indexFolder(), { recursive: true, withFileTypes: true }) : [])
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(indexFolder(), file), readFileSync(file, 'base64')] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

test('a new machine gets the whole tree, then what is placed later, and no row changes by it', async () => {
  const placed = treeNow();
  goToOtherMachine();
  const before = await takePicture();
  expect(await followIndex()).toBe(true);
  expect(treeNow()).toEqual(placed);
  expect(await followIndex()).toBe(false);
  goToOtherMachine();
  world.advance(7 * 3_600_000); // a timestamp is signed anew
  await countersigner.round();
  await placeHandbacks();
  const later = treeNow();
  expect(later).not.toEqual(placed);
  goToOtherMachine();
  const rows = (await takePicture()) as unknown;
  expect(await followIndex()).toBe(true);
  expect(treeNow()).toEqual(later);
  expect(await takePicture()).toEqual(rows);
  expect(rows).not.toEqual(before);
});

test('it is whole in the end, wherever the program is killed', async () => {
  const placed = treeNow();
  goToOtherMachine();
  for (const point of ['place.staged', 'place.files', 'place.files']) {
    world.hold = async (reached) => {
      if (reached === point) throw new Error('killed');
    };
    await expect(followIndex()).rejects.toThrow('killed');
  }
  delete world.hold;
  expect(await followIndex()).toBe(true);
  expect(treeNow()).toEqual(placed);
});

test('a copy that is too old to be brought up is refused by name, and stays as it is', async () => {
  goToOtherMachine();
  const oldest = await world.db.handback.findFirstOrThrow({ orderBy: { id: 'asc' } });
  await world.db.handback.update({ where: { id: oldest.id }, data: { bytes: new Uint8Array() } });
  await expect(followIndex()).rejects.toMatchObject({ code: 'handback.forgotten' });
  expect(treeNow()).toEqual({});
});
