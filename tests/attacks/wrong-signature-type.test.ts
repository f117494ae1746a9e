// Signatures that say something else than "this file".
import { expect, test } from 'vitest';
import { reasonsFor, vector } from '../support/pgp.ts';
import { forgeCertificate, forgeKey, signaturePacket } from '../support/forge.ts';

const data = vector('SHA256SUMS');
const eve = forgeKey('eve');

test.each([0x02, 0x10, 0x13, 0x18, 0x19, 0x1f, 0x20, 0x28, 0x30, 0x40, 0x50, 0x77])(
  'type %i does not count',
  async (type) => {
    const signature = signaturePacket(eve, data, { type });
    expect(await reasonsFor({ signature, keys: [forgeCertificate(eve)], data })).toEqual(['wrong-type']);
  },
);
