// A yank or a status that no owner under the policy in force has signed: by a maintainer, by somebody who was an owner once, by a stranger, by
// nobody, or with the signature of an owner over something else.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderInstant } from '#lib/core/ids.ts';
import {
  ada,
  addDeclaration,
  addDraft,
  addPolicy,
  bo,
  chi,
  eve,
  firstPolicy,
  nextPolicy,
  noon,
  openScene,
  sign,
  signedSoFar,
  type Scene,
} from '../support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
  const people = firstPolicy().people.map((person) =>
    person.name === bo.name ? { ...person, role: 'owner' as const } : person,
  );
  addPolicy(scene, firstPolicy({ people }), [ada, bo]);
  addDraft(scene, [ada, bo]);
  await scene.round();
});
afterEach(() => scene.close());

/** One round that takes nothing and signs nothing; answers what was said about the declaration. */
async function refusedDeclaration(): Promise<string | null | undefined> {
  const before = await signedSoFar(scene);
  const report = await scene.round();
  expect(report.declared).toEqual([]);
  expect(await signedSoFar(scene)).toEqual(before);
  return report.findings[0]?.code;
}

test('signed by a maintainer it is refused', async () => {
  addDeclaration(scene, {}, [chi]);
  expect(await refusedDeclaration()).toBe('declaration.not-signed');
  expect(scene.findings[0]?.says).toContain('only if an owner signs it');
});

test.each([
  ['a stranger', [eve]],
  ['nobody', []],
  ['a maintainer and a stranger together', [chi, eve]],
])('signed by %s it is refused', async (_, by) => {
  addDeclaration(scene, {}, by);
  expect(await refusedDeclaration()).toBe('declaration.not-signed');
});

test('signed by an owner over another document it is refused', async () => {
  const other = addDeclaration(scene, { reason: 'another one' });
  scene.declarations.clear();
  addDeclaration(scene, {}, []).packets = other.packets;
  expect(await refusedDeclaration()).toBe('declaration.not-signed');
});

test('signed by an owner who was removed since it is refused, whichever policy it names', async () => {
  const retired = [{ name: bo.name, keys: [bo.key], since: renderInstant(noon) }];
  const people = firstPolicy().people.filter((person) => person.name !== bo.name);
  addPolicy(scene, nextPolicy(scene, { people, retired }), [ada]);
  await scene.round();
  addDeclaration(scene, { policy: 1 }, [bo]);
  expect(await refusedDeclaration()).toBe('declaration.other-policy');
  scene.declarations.clear();
  addDeclaration(scene, { policy: 2 }, [bo]);
  expect(await refusedDeclaration()).toBe('declaration.not-signed');
});

test('that came before a removal, but is handed over after it, is refused', async () => {
  addDeclaration(scene, { policy: 1 }, [bo]);
  const retired = [{ name: bo.name, keys: [bo.key], since: renderInstant(noon) }];
  const people = firstPolicy().people.filter((person) => person.name !== bo.name);
  addPolicy(scene, nextPolicy(scene, { people, retired }), [ada]);
  const report = await scene.round();
  expect(report.declared).toEqual([]);
  expect(report.findings).toMatchObject([{ code: 'declaration.other-policy' }]);
});

test('a status needs an owner too', async () => {
  addDeclaration(scene, { type: 'countersign/status', status: 'quarantined' }, [chi]);
  expect(await refusedDeclaration()).toBe('declaration.not-signed');
});

test('the signature of a revoked or future key is no owner’s', async () => {
  const document = addDeclaration(scene, {}, []);
  document.packets = [sign(ada, document.bytes, noon + 3_600_000)];
  expect(await refusedDeclaration()).toBe('declaration.not-signed');
});
