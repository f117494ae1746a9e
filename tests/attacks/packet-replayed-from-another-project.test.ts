// Ada and Bo signed a release of another project (or of another index). Their packets and statement are handed in for this one.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DraftId, IndexName, ProjectName } from '#lib/core/ids.ts';
import { ada, addDraft, addPolicy, bo, demo, openScene, refusedRound, type Scene } from '../support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

test('a statement of another project does not publish here', async () => {
  addPolicy(scene);
  await scene.round();
  const draft = addDraft(scene, [ada, bo], { statement: { project: 'other' as ProjectName } });
  draft.project = demo;
  expect(await refusedRound(scene)).toBe('evidence.other-release');
});

test('a statement of another index does not publish here', async () => {
  addPolicy(scene);
  await scene.round();
  addDraft(scene, [ada, bo], { statement: { index: 'evil.example.org' as IndexName } });
  expect(await refusedRound(scene)).toBe('evidence.other-release');
});

test('signatures over the statement of another project do not count here', async () => {
  addPolicy(scene);
  await scene.round();
  const foreign = addDraft(scene, [ada, bo], { id: 'aaaaaaaaaaaa', statement: { project: 'other' as ProjectName } });
  scene.drafts.delete('aaaaaaaaaaaa' as DraftId);
  addDraft(scene, []).packets = foreign.packets;
  expect(await refusedRound(scene)).toBe('release.below-threshold');
});
