// A signature over revision 1 is handed in for revision 2.
import { expect, test } from 'vitest';
import { reasonsFor, vector } from '../support/pgp.ts';

const data = vector('SHA256SUMS');

test('a signature over an older revision does not count for the current one but for its own', async () => {
  const asked = { signature: vector('ada-revision-1.asc'), keys: [vector('ada.key.asc')] };
  expect(await reasonsFor({ ...asked, data })).toEqual(['wrong-bytes']);
  expect(await reasonsFor({ ...asked, data: vector('SHA256SUMS.revision-1') })).toEqual([null]);
});
