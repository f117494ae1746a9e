// A stolen owner key first removes everybody else, which owners may do alone, and then lowers the threshold with "as many people as there are".
import { expect, it } from 'vitest';
import { makeNextPolicy } from '#lib/core/next-policy.ts';
import { evaluatePolicy } from '#lib/core/policy-chain.ts';
import { allKeys, digest, factsBy, instant, key, name, noon, policy } from '../support/cases.ts';

const before = { policy: policy({ version: 2 }), sha256: digest('9') };
const retire = (...names: string[]) => names.map((left) => ({ name: name(left), how: 'retire' as const }));
const signedBy = (...letters: string[]) =>
  letters.map((letter) => ({ facts: factsBy(key(letter)), received: noon - 60_000 }));

it('an owner alone removes one of three, but not so many that fewer are left than the threshold asks for', () => {
  const one = makeNextPolicy(before, { remove: retire('chi') }, instant(noon));
  expect(evaluatePolicy(before.policy, one, signedBy('a'), allKeys, noon).met).toBe(true);
  const both = makeNextPolicy(before, { remove: retire('bo', 'chi') }, instant(noon));
  expect(evaluatePolicy(before.policy, both, signedBy('a'), allKeys, noon)).toMatchObject({
    met: false,
    weakenings: ['people-below-threshold'],
    needs: [
      { why: 'owners', missing: 0 },
      { why: 'weakening', required: 2, missing: 1 },
    ],
  });
  expect(evaluatePolicy(before.policy, both, signedBy('a', 'b'), allKeys, noon).met).toBe(true);
});

it('nor in small steps: what is left of 2 of 2 goes only with both', () => {
  const two = { policy: makeNextPolicy(before, { remove: retire('chi') }, instant(noon)), sha256: digest('8') };
  const one = makeNextPolicy(two, { remove: retire('bo') }, instant(noon));
  expect(evaluatePolicy(two.policy, one, signedBy('a'), allKeys, noon).met).toBe(false);
});
