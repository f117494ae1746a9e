// Digests that can be forged: in the signature, in self-signatures, bindings and back-signatures.
import { expect, test } from 'vitest';
import { noon, reasonsFor, refusalOf, vector } from '../support/pgp.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
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
const weak = [1, 2, 3];

test('a SHA-1 signature by real gpg does not count', async () => {
  expect(await reasonsFor({ signature: vector('ada-sha1.asc'), keys: [vector('ada.key.asc')], data })).toEqual([
    'weak-hash',
  ]);
});

test.each(weak)('a signature with digest %i does not count', async (hash) => {
  const key = forgeKey('eve');
  const signature = signaturePacket(key, data, { hash });
  expect(await reasonsFor({ signature, keys: [forgeCertificate(key)], data })).toEqual(['weak-hash']);
});

test('a key whose self-signature is SHA-1 cannot be registered', async () => {
  expect(await refusalOf(() => readCertificate(vector('weak.key.asc'), noon))).toBe('key.weak');
});

test.each(weak)('a self-signature with digest %i vouches for nothing', async (hash) => {
  const key = forgeKey('eve');
  const keys = [forgeCertificate(key, { certification: certify(key, 'Forged <forged@example.org>', { hash }) })];
  expect(await reasonsFor({ signature: signaturePacket(key, data), keys, data })).toEqual(['key-cannot-sign']);
});

test.each(weak)('a binding or back-signature with digest %i binds no subkey', async (hash) => {
  const [key, subkey] = [forgeKey('eve'), forgeKey('eve again')];
  const good = subkeyWith(key, subkey, [sub.flags(2), backSignature(subkey, key)]);
  const weakBinding = subkeyWith(key, subkey, [sub.flags(2), backSignature(subkey, key)], { hash });
  const weakBack = subkeyWith(key, subkey, [sub.flags(2), backSignature(subkey, key, { hash })]);
  const signature = signaturePacket(subkey, data);
  const reasons = [good, weakBinding, weakBack].map((rest) =>
    reasonsFor({ signature, keys: [forgeCertificate(key, { rest: [rest] })], data }),
  );
  expect((await Promise.all(reasons)).flat()).toEqual([null, 'unknown-key', 'key-cannot-sign']);
});
