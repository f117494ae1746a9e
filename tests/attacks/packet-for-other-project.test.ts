// A packet made for the same version of another project: the statement binds the project.
import { expect, test } from 'vitest';
import { reasonsFor, vector } from '../support/pgp.ts';

const data = vector('SHA256SUMS');

test('a signature over the statement of another project does not count', async () => {
  const asked = { signature: vector('ada-other-project.asc'), keys: [vector('ada.key.asc')] };
  expect(await reasonsFor({ ...asked, data })).toEqual(['wrong-bytes']);
  expect(await reasonsFor({ ...asked, data: vector('SHA256SUMS.other-project') })).toEqual([null]);
});
