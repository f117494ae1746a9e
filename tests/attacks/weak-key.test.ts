// Keys under which signatures can be made by others.
import { expect, test } from 'vitest';
import { noon, reasonsFor, refusalOf, vector } from '../support/pgp.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { weaknessOf } from '#lib/pgp/algorithms.ts';
import { readKeyPacket } from '#lib/pgp/self-signatures.ts';
import { edKeyBody, keyDay, rsaKeyBody } from '../support/forge.ts';

const data = vector('SHA256SUMS');

async function weaknessOfBody(body: Buffer): Promise<string | null> {
  const packet = await readKeyPacket({ tag: 6, body, signatures: [] });
  return packet ? weaknessOf(packet) : 'unreadable';
}

test.each(['small', 'dsa', 'koblitz'])(
  'the weak key %s cannot be registered, and its signatures do not count',
  async (name) => {
    expect(await refusalOf(() => readCertificate(vector(`${name}.key.asc`), noon))).toBe('key.weak');
    expect(await reasonsFor({ signature: vector(`${name}.asc`), keys: [vector(`${name}.key.asc`)], data })).toEqual([
      'weak-key',
    ]);
  },
);

test('RSA with a small, even or huge exponent is weak', async () => {
  const n = Buffer.alloc(384, 0xc5);
  n[383] = 0x4b;
  const withExponent = (hex: string) => weaknessOfBody(rsaKeyBody(n, Buffer.from(hex, 'hex')));
  expect(await withExponent('01')).toContain('RSA');
  expect(await withExponent('03')).toContain('RSA');
  expect(await withExponent('010000')).toContain('RSA');
  expect(await withExponent(`${'ff'.repeat(300)}`)).toContain('RSA');
});

test('RSA with an even modulus or one with small factors is weak', async () => {
  const e = Buffer.from('010001', 'hex');
  expect(await weaknessOfBody(rsaKeyBody(Buffer.alloc(384, 0xfe), e))).toContain('modulus');
  expect(await weaknessOfBody(rsaKeyBody(Buffer.alloc(384, 0xff), e))).toContain('modulus');
});

test.each([
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  `01${'00'.repeat(30)}80`,
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}ff`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
])('the Ed25519 point %s of small order is no key', async (hex) => {
  expect(await weaknessOfBody(edKeyBody(Buffer.from(hex, 'hex'), keyDay))).toContain('degenerate');
});
