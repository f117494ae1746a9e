// A person takes a signature back; somebody who controls the web program puts the packet back into the bundle later.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ada, addDraft, addPolicy, bo, openScene, refusedRound, type Scene } from '../support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

test('a packet that was taken back never counts again, whatever the web program hands over', async () => {
  addPolicy(scene);
  const draft = addDraft(scene, [ada, bo], { approved: false });
  await scene.round();
  const [byAda, byBo] = draft.packets;
  draft.packets = byAda ? [byAda] : [];
  await scene.round();
  if (byAda && byBo) draft.packets = [byAda, byBo];
  draft.approved = true;
  expect(await refusedRound(scene)).toBe('release.below-threshold');
});
