// A quarantined release is signed again by people whom the policy in force does not name: one who left in good standing, a stranger.
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  fruitlessRound,
  openQuarantined,
  putInForce,
  signAgain,
  since,
  withoutBo,
  type Quarantined,
} from '../support/quarantined.ts';
import { ada, chi, eve } from '../support/scene.ts';

let held: Quarantined;
beforeEach(async () => {
  held = await openQuarantined();
});
afterEach(() => held.scene.close());

test('who was retired cannot sign it again, though the policy of its record names them', async () => {
  const people = [{ name: ada.name, role: 'owner' as const, keys: [ada.key] }];
  const retired = [{ name: chi.name, keys: [chi.key], since: since(held.scene) }];
  putInForce(held.scene, { ...withoutBo(), people, retired }, [ada, chi]);
  expect((await held.scene.round()).policies).toEqual(['demo']);
  signAgain(held, chi);
  expect((await fruitlessRound(held.scene)).quarantined).toEqual([]);
});

test('a stranger cannot sign it again', async () => {
  signAgain(held, eve);
  expect((await fruitlessRound(held.scene)).quarantined).toEqual([]);
});

test('a policy that names the stranger and lacks signatures changes nothing', async () => {
  const { people = [] } = withoutBo();
  const more = [...people, { name: eve.name, role: 'maintainer' as const, keys: [eve.key] }];
  putInForce(held.scene, { ...withoutBo(), people: more }, [ada]);
  signAgain(held, eve);
  const { refused } = await fruitlessRound(held.scene);
  expect(refused).toMatchObject([{ code: 'evidence.policy-not-signed' }]);
});
