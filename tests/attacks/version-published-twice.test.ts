// A published version is brought again with other bytes, as a new draft that enough people signed.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Version } from '#lib/core/ids.ts';
import {
  ada,
  addDraft,
  addPolicy,
  bo,
  openScene,
  refusedRound,
  wheel,
  wheelName,
  type Scene,
} from '../support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

test('a version is published once, in whatever spelling it comes again', async () => {
  addPolicy(scene);
  addDraft(scene, [ada, bo], { id: 'aaaaaaaaaaaa' });
  await scene.round();
  scene.drafts.clear();
  addDraft(scene, [ada, bo], { id: 'bbbbbbbbbbbb', files: { [wheelName]: wheel('x = 2\n') } });
  expect(await refusedRound(scene)).toBe('release.version-published');
  scene.drafts.clear();
  const statement = { version: '1.0.0' as Version };
  addDraft(scene, [ada, bo], { id: 'cccccccccccc', statement, files: { [wheelName]: wheel('x = 3\n') } });
  expect(await refusedRound(scene)).toBe('release.version-published');
});

test('a file name once published never carries other bytes', async () => {
  addPolicy(scene);
  addDraft(scene, [ada, bo], { id: 'aaaaaaaaaaaa' });
  await scene.round();
  scene.drafts.clear();
  const statement = { version: '2.0' as Version };
  addDraft(scene, [ada, bo], { id: 'bbbbbbbbbbbb', statement, files: { [wheelName]: wheel('x = 2\n') } });
  expect(await refusedRound(scene)).toBe('release.name-taken');
});
