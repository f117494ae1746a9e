// Critical parts that we do not understand void whatever carries them.
import { expect, test } from 'vitest';
import { reasonsFor, vector } from '../support/pgp.ts';
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
const key = forgeCertificate(eve);
const strange = { type: 99, critical: true, body: Buffer.from('?') };
const parts = [
  strange,
  sub.notation('unknown@example.org', true),
  { type: 12, critical: true, body: Buffer.alloc(22) },
];

test('a critical notation by real gpg voids the signature, an uncritical one does not', async () => {
  const keys = [vector('ada.key.asc')];
  expect(await reasonsFor({ signature: vector('ada-critical.asc'), keys, data })).toEqual(['unknown-critical']);
  expect(await reasonsFor({ signature: vector('ada-noted.asc'), keys, data })).toEqual([null]);
});

test.each(parts)('a critical subpacket of type $type voids a signature', async (part) => {
  expect(await reasonsFor({ signature: signaturePacket(eve, data, { more: [part] }), keys: [key], data })).toEqual([
    'unknown-critical',
  ]);
});

test('the same parts, not critical, void nothing', async () => {
  const more = [{ ...strange, critical: false }, sub.notation('unknown@example.org', false)];
  expect(await reasonsFor({ signature: signaturePacket(eve, data, { more }), keys: [key], data })).toEqual([null]);
});

test('a critical part that anybody could have put into the unhashed area voids nothing', async () => {
  const signature = signaturePacket(eve, data, { unhashed: [sub.issuerId(eve), strange] });
  expect(await reasonsFor({ signature, keys: [key], data })).toEqual([null]);
});

test.each(parts)('a critical subpacket of type $type voids a self-signature', async (part) => {
  const certification = certify(eve, 'Forged <forged@example.org>', { more: [sub.flags(3), part] });
  const keys = [forgeCertificate(eve, { certification })];
  expect(await reasonsFor({ signature: signaturePacket(eve, data), keys, data })).toEqual(['key-cannot-sign']);
});

test.each(parts)('a critical subpacket of type $type voids a binding and a back-signature', async (part) => {
  const binding = subkeyWith(eve, subkey, [sub.flags(2), backSignature(subkey, eve), part]);
  const back = subkeyWith(eve, subkey, [sub.flags(2), backSignature(subkey, eve, { more: [part] })]);
  const signature = signaturePacket(subkey, data);
  expect(await reasonsFor({ signature, keys: [forgeCertificate(eve, { rest: [binding] })], data })).toEqual([
    'unknown-key',
  ]);
  expect(await reasonsFor({ signature, keys: [forgeCertificate(eve, { rest: [back] })], data })).toEqual([
    'key-cannot-sign',
  ]);
});
