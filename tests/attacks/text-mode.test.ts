// A text-mode signature fits every file that differs only in its line ends.
import { expect, test } from 'vitest';
import { reasonsFor, vector } from '../support/pgp.ts';

const data = vector('SHA256SUMS');

test('a text-mode signature by real gpg does not count', async () => {
  expect(await reasonsFor({ signature: vector('ada-text.asc'), keys: [vector('ada.key.asc')], data })).toEqual([
    'text-mode',
  ]);
});
