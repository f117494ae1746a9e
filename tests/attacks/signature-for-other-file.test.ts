// A genuine signature over other bytes than the ones in question.
import { expect, test } from 'vitest';
import { judge, vector } from '../support/pgp.ts';
import { forgeCertificate, forgeKey, signaturePacket } from '../support/forge.ts';

const data = vector('SHA256SUMS');

test('a signature over another file does not count, and nobody is credited', async () => {
  const changed = Uint8Array.from(data);
  changed[changed.length - 2] = 0x2e;
  const [answer] = await judge({ signature: vector('ada.asc'), keys: [vector('ada.key.asc')], data: changed });
  expect(answer?.reason).toBe('wrong-bytes');
  expect(answer?.facts).toMatchObject({ key: null, issuer: null });
});

test('a certification of a user id passed off as a file signature does not count', async () => {
  const key = forgeKey('eve');
  const signature = signaturePacket(key, data, { type: 0x13 });
  const [answer] = await judge({ signature, keys: [forgeCertificate(key)], data });
  expect(answer?.reason).toBe('wrong-type');
});
