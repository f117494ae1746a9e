// Ada's key is stolen: alone she signs a policy that lowers the threshold to one, and a release.
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  ada,
  addDraft,
  addPolicy,
  bo,
  eve,
  firstPolicy,
  nextPolicy,
  openScene,
  refusedRound,
  type Scene,
} from '../support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

test('a lowered threshold that one owner signed alone is refused, and so is the release that rests on it', async () => {
  addPolicy(scene);
  await scene.round();
  addPolicy(scene, nextPolicy(scene, { threshold: 1 }), [ada]);
  addDraft(scene, [ada]);
  expect(await refusedRound(scene)).toBe('evidence.policy-not-signed');
});

test('a person added by one owner alone is refused, and so is the release that she signed', async () => {
  addPolicy(scene);
  await scene.round();
  const people = [...firstPolicy().people, { name: eve.name, role: 'maintainer' as const, keys: [eve.key] }];
  addPolicy(scene, nextPolicy(scene, { people }), [ada]);
  addDraft(scene, [ada, eve]);
  expect(await refusedRound(scene)).toBe('evidence.policy-not-signed');
});

test('the same change signed by as many people as the old threshold asks for is accepted', async () => {
  addPolicy(scene);
  await scene.round();
  addPolicy(scene, nextPolicy(scene, { threshold: 1 }), [ada, bo]);
  addDraft(scene, [ada]);
  expect((await scene.round()).published).toEqual(['demo 1.0']);
});
