// One person signs with each signing subkey of one key and hopes to be two.
import { expect, test } from 'vitest';
import { judge, vector } from '../support/pgp.ts';

const data = vector('SHA256SUMS');

test('two signing subkeys of one primary are credited to the one primary', async () => {
  const signature = new Uint8Array([...vector('two-1.asc'), ...vector('two-2.asc')]);
  const answers = await judge({ signature, keys: [vector('two.key.asc')], data });
  expect(answers.map(({ reason }) => reason)).toEqual([null, null]);
  expect(new Set(answers.map(({ facts }) => facts.issuer)).size).toBe(2);
  expect(new Set(answers.map(({ facts }) => facts.key)).size).toBe(1);
});
