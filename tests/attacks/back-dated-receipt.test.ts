// Bo's key was revoked (superseded) yesterday. Whoever controls the web program hands in a signature that the key made before, as if it had
// been received in time: a bundle has no place for such a claim, and the countersigner takes its own clock.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forgeCertificate, overKey, sub } from '../support/forge.ts';
import {
  ada,
  addDraft,
  addPolicy,
  bo,
  minute,
  noon,
  openScene,
  refusedRound,
  sign,
  type Scene,
} from '../support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const day = 24 * 60 * minute;
const revokedSince = (made: number): Buffer =>
  forgeCertificate(bo.forged, { direct: [overKey(bo.forged, bo.forged, { type: 0x20, made, more: [sub.reason(1)] })] });

test('a signature that we first see after the soft revocation does not count, however early it says it was made', async () => {
  addPolicy(scene);
  await scene.round();
  scene.certificates.set(bo.key, revokedSince(noon - day));
  const draft = addDraft(scene, [ada]);
  draft.packets.push(sign(bo, draft.statement, noon - 3 * day));
  expect(await refusedRound(scene)).toBe('release.below-threshold');
});

test('a signature that we saw before the soft revocation counts', async () => {
  addPolicy(scene);
  const draft = addDraft(scene, [ada, bo], { approved: false });
  await scene.round();
  scene.now += day;
  scene.certificates.set(bo.key, revokedSince(noon + minute));
  draft.approved = true;
  expect((await scene.round()).published).toEqual(['demo 1.0']);
});
