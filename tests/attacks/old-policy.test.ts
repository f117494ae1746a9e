// The web program hands over an older policy chain, or a rewritten one, to bring back somebody who was retired.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderInstant } from '#lib/core/ids.ts';
import {
  ada,
  addDraft,
  addPolicy,
  bo,
  chi,
  demo,
  firstPolicy,
  nextPolicy,
  noon,
  openScene,
  policyBytes,
  refusedRound,
  sign,
  type Scene,
} from '../support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

async function retireBo(): Promise<void> {
  addPolicy(scene);
  const people = firstPolicy().people.filter((person) => person.name !== bo.name);
  const retired = [{ name: bo.name, keys: [bo.key], since: renderInstant(noon) }];
  addPolicy(scene, nextPolicy(scene, { people, retired }), [ada]);
  await scene.round();
}

test('a chain that ends before the policy that was accepted is refused', async () => {
  await retireBo();
  scene.policies.get(demo)?.pop();
  addDraft(scene, [ada, bo]);
  expect(await refusedRound(scene)).toBe('evidence.policy-went-back');
});

test('another document under an accepted number is refused, though its owner signed it', async () => {
  await retireBo();
  const rewritten = policyBytes(firstPolicy({ threshold: 1 }));
  scene.policies.set(demo, [
    { bytes: rewritten, packets: [sign(ada, rewritten)] },
    ...(scene.policies.get(demo) ?? []).slice(1),
  ]);
  addDraft(scene, [ada, bo]);
  expect(await refusedRound(scene)).toBe('evidence.policy-rewritten');
});

test('somebody whom the policy in force retired does not count in a draft', async () => {
  await retireBo();
  const draft = addDraft(scene, [ada, bo]);
  expect(await refusedRound(scene)).toBe('release.below-threshold');
  draft.packets.push(sign(chi, draft.statement));
  expect((await scene.round()).published).toEqual(['demo 1.0']);
});
