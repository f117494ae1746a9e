// A signature of an expired key, dated back to when the key was good.
import { expect, test } from 'vitest';
import { reasonsFor, vector } from '../support/pgp.ts';

const data = vector('SHA256SUMS');
const asked = { signature: vector('old.asc'), keys: [vector('old.key.asc')], data };

test('a back-dated signature of an expired key cannot enter', async () => {
  expect(await reasonsFor({ ...asked, received: Date.parse('2026-06-01T12:00:00Z') })).toEqual(['key-expired']);
});

test('a signature received before the key expired keeps counting', async () => {
  expect(await reasonsFor({ ...asked, received: Date.parse('2026-01-20T12:00:00Z') })).toEqual([null]);
});
