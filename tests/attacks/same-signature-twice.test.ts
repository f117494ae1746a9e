// The same signature handed in again, as a copy, in another frame, with another unhashed area, or made a second time.
import { expect, test } from 'vitest';
import { bytesOf, countedKeys, vector } from '../support/pgp.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { forgeCertificate, forgeKey, signaturePacket, sub } from '../support/forge.ts';

const data = vector('SHA256SUMS');
const keys = [vector('ada.key.asc')];
const twice = (one: Uint8Array, other: Uint8Array) => new Uint8Array([...one, ...other]);

test('two copies of one packet are one packet', async () => {
  const packets = await readSignatures(twice(vector('ada.asc'), vector('ada.asc')));
  expect(packets).toHaveLength(1);
});

test('armored and binary copies of one packet are one packet', async () => {
  const [armored, binary] = [await readSignatures(vector('ada.asc')), await readSignatures(vector('ada.sig'))];
  expect(armored).toEqual(binary);
});

test('free text added where the signature does not hold it makes no new packet, and is thrown away', async () => {
  const key = forgeKey('eve');
  const plain = signaturePacket(key, data, { unhashed: [sub.issuerId(key)] });
  const dressed = signaturePacket(key, data, {
    unhashed: [sub.issuerId(key), { type: 100, body: bytesOf('free text') }],
  });
  const [one, other] = [await readSignatures(plain), await readSignatures(dressed)];
  expect(one[0]?.sha256).toBe(other[0]?.sha256);
  expect(one[0]?.bytes).toEqual(other[0]?.bytes);
});

test('a packet whose issuer fields were taken out or doubled is still the same packet', async () => {
  const key = forgeKey('eve');
  const shas = [[], [sub.issuerId(key)], [sub.issuerId(key), sub.issuerId(forgeKey('other'))]].map(async (unhashed) => {
    const [read] = await readSignatures(signaturePacket(key, data, { unhashed }));
    return read?.sha256;
  });
  expect(new Set(await Promise.all(shas)).size).toBe(1);
});

test('signatures of one key on two days count for one key', async () => {
  const signature = twice(vector('ada.asc'), vector('ada-again.asc'));
  expect(await countedKeys({ signature, keys, data })).toHaveLength(1);
});

test('a key given twice is one key', async () => {
  const key = forgeCertificate(forgeKey('eve'));
  const signature = signaturePacket(forgeKey('eve'), data);
  expect(await countedKeys({ signature, keys: [key, key], data })).toEqual([forgeKey('eve').fingerprint]);
});
