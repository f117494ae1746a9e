// A genuine declaration of an owner, played where it does not belong: after its unyank, for another project, another version, another index,
// or with a number left out.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { IndexName, ProjectName, Version } from '#lib/core/ids.ts';
import { readRecord } from '#lib/core/release.ts';
import {
  ada,
  addDeclaration,
  addDraft,
  addPolicy,
  bo,
  demo,
  openScene,
  signedSoFar,
  type Scene,
} from '../support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
  addPolicy(scene);
  addDraft(scene, [ada, bo]);
  await scene.round();
});
afterEach(() => scene.close());

async function refusedDeclaration(): Promise<string | null | undefined> {
  const before = await signedSoFar(scene);
  const report = await scene.round();
  expect(report.declared).toEqual([]);
  expect(await signedSoFar(scene)).toEqual(before);
  return report.findings[0]?.code;
}

test('a yank that was taken back does not come again, with the signature it had or a new one', async () => {
  const yank = addDeclaration(scene);
  addDeclaration(scene, { action: 'unyank', number: 2, reason: 'it was the test' });
  await scene.round();
  // The very same bytes: known, nothing to do.
  scene.declarations.set(demo, [yank]);
  const posts = scene.posts.length;
  await scene.round();
  expect(scene.posts).toHaveLength(posts);
  const record = (await scene.tree()).get('evidence/demo/releases/1.0/3.json');
  expect(readRecord(record ?? new Uint8Array()).yanked).toBeNull();
  // Another document with the old number.
  scene.declarations.clear();
  addDeclaration(scene, { number: 1, reason: 'again' });
  expect(await refusedDeclaration()).toBe('declaration.out-of-order');
});

test.each([
  ['a number that is left out', { number: 2 }, 'declaration.out-of-order'],
  ['another project', { project: 'other' as ProjectName }, 'evidence.other-release'],
  ['another index', { index: 'evil.example.org' as IndexName }, 'evidence.other-release'],
  ['a version that was never published', { version: '2.0' as Version }, 'declaration.no-release'],
  ['another spelling of the version', { version: '1.0.0' as Version }, 'declaration.no-release'],
  ['a policy that is not there yet', { policy: 2 }, 'declaration.other-policy'],
])('for %s it is refused', async (_, change, code) => {
  addDeclaration(scene, change);
  expect(await refusedDeclaration()).toBe(code);
});

test('what is no declaration at all is refused, and the rest of the round goes on', async () => {
  scene.declarations.set(demo, [{ bytes: Buffer.from('{}\n'), packets: [] }]);
  expect(await refusedDeclaration()).toBe('input.not-a');
});
