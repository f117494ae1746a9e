// Somebody who was struck wants back in by signing the release that their strike quarantined: with the struck key, with another one.
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  fruitlessRound,
  openQuarantined,
  putInForce,
  signAgain,
  withoutBo,
  type Quarantined,
} from '../support/quarantined.ts';
import { ada, bo, chi, signer } from '../support/scene.ts';

let held: Quarantined;
beforeEach(async () => {
  held = await openQuarantined();
});
afterEach(() => held.scene.close());

test('a new signature with the struck key brings nothing back', async () => {
  signAgain(held, bo);
  expect((await fruitlessRound(held.scene)).quarantined).toEqual([]);
});

test('a signature with another key of theirs brings nothing back: no policy names it', async () => {
  const other = signer('bo', 'bo-second-key');
  held.scene.certificates.set(other.key, other.certificate);
  signAgain(held, other);
  expect((await fruitlessRound(held.scene)).quarantined).toEqual([]);
});

test('a policy that names the struck key again is not accepted, whoever signs it', async () => {
  const { people = [], ...struck } = withoutBo();
  const again = { name: bo.name, role: 'maintainer' as const, keys: [bo.key] };
  expect(() => putInForce(held.scene, { ...struck, people: [...people, again] }, [ada, chi])).not.toThrow();
  signAgain(held, bo);
  expect((await fruitlessRound(held.scene)).refused).toMatchObject([{ project: 'demo', code: 'policy.malformed' }]);
});
