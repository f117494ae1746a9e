// Keys that may encrypt, authenticate or certify, but not sign.
import { expect, test } from 'vitest';
import { judge, vector } from '../support/pgp.ts';
import {
  backSignature,
  certify,
  forgeCertificate,
  forgeKey,
  signaturePacket,
  sub,
  subkeyWith,
} from '../support/forge.ts';

const data = vector('SHA256SUMS');
const [eve, subkey] = [forgeKey('eve'), forgeKey('eve again')];
const flags = [0x00, 0x01, 0x04, 0x08, 0x0c, 0x20];

test.each(flags)('a signature by a primary with flags %i does not count', async (flag) => {
  const certification = certify(eve, 'Forged <forged@example.org>', { more: [sub.flags(flag)] });
  const key = forgeCertificate(eve, { certification });
  const [answer] = await judge({ signature: signaturePacket(eve, data), keys: [key], data });
  expect(answer?.reason).toBe('key-cannot-sign');
});

test.each(flags)('a signature by a subkey with flags %i does not count', async (flag) => {
  const rest = [subkeyWith(eve, subkey, [sub.flags(flag), backSignature(subkey, eve)])];
  const [answer] = await judge({
    signature: signaturePacket(subkey, data),
    keys: [forgeCertificate(eve, { rest })],
    data,
  });
  expect(answer?.reason).toBe('key-cannot-sign');
});

test('a key without flags may not sign', async () => {
  const key = forgeCertificate(eve, { certification: certify(eve, 'Forged <forged@example.org>', { more: [] }) });
  const [answer] = await judge({ signature: signaturePacket(eve, data), keys: [key], data });
  expect(answer?.reason).toBe('key-cannot-sign');
});

test('flags outside the hashed area are not believed', async () => {
  const rest = [
    subkeyWith(eve, subkey, [sub.flags(0x04), backSignature(subkey, eve)], { unhashed: [sub.flags(0x02)] }),
  ];
  const [answer] = await judge({
    signature: signaturePacket(subkey, data),
    keys: [forgeCertificate(eve, { rest })],
    data,
  });
  expect(answer?.reason).toBe('key-cannot-sign');
});
