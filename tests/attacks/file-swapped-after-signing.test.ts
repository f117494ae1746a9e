// The bytes behind a signed digest are exchanged in the file store.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
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
import { metadataText } from '../support/archives.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

test('other bytes under a signed digest are not countersigned', async () => {
  addPolicy(scene);
  await scene.round();
  addDraft(scene, [ada, bo]);
  scene.files.set(sha256Hex(wheel()), wheel('import os\n'));
  expect(await refusedRound(scene)).toBe('release.file-differs');
});

test('an archive that says another version than the signed statement is not countersigned', async () => {
  addPolicy(scene);
  await scene.round();
  addDraft(scene, [ada, bo], { files: { [wheelName]: wheel('x = 1\n', metadataText({ version: '2.0' })) } });
  expect(await refusedRound(scene)).toBe('release.file-differs');
});
