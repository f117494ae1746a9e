// Bo signed a file for a draft that was withdrawn. The same packet is handed in for the next draft of the same bytes.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DraftId } from '#lib/core/ids.ts';
import {
  ada,
  addDraft,
  addPolicy,
  bo,
  openScene,
  refusedRound,
  sdist,
  sdistName,
  sign,
  wheel,
  wheelName,
  type Scene,
} from '../support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

test('a file signature counts only in the draft in which it was first seen', async () => {
  addPolicy(scene);
  const packets = [
    [wheelName, [sign(bo, wheel())]],
    [sdistName, [sign(bo, sdist())]],
  ] as const;
  const first = addDraft(scene, [ada], { id: 'aaaaaaaaaaaa', approved: false });
  for (const [name, signed] of packets) first.filePackets.set(name, [...signed]);
  await scene.round();
  scene.drafts.delete('aaaaaaaaaaaa' as DraftId);
  const second = addDraft(scene, [ada], { id: 'bbbbbbbbbbbb' });
  for (const [name, signed] of packets) second.filePackets.set(name, [...signed]);
  expect(await refusedRound(scene)).toBe('release.below-threshold');
});

test('a statement signature of a withdrawn draft does not fit the next one, whose statement names another draft', async () => {
  addPolicy(scene);
  const first = addDraft(scene, [ada, bo], { id: 'aaaaaaaaaaaa', approved: false });
  await scene.round();
  scene.drafts.delete('aaaaaaaaaaaa' as DraftId);
  addDraft(scene, [], { id: 'bbbbbbbbbbbb' }).packets = first.packets;
  expect(await refusedRound(scene)).toBe('release.below-threshold');
});
