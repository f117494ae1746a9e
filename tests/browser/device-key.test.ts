// The key that no script can read, under Node's WebCrypto: what is laid out by hand is read by the module that judges everybody's signatures.
// gpg and sqv judge the same octets in tests/interop/device-key.test.ts.
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { askDigest, makeDeviceKey, signDigest, signWithDevice } from '#lib/browser/device-key.ts';
import { digestBytes } from '#lib/digest/digest-bytes.ts';
import { readCertificate, requireRegistrable } from '#lib/pgp/read-certificate.ts';
import { bytesOf, judge, noon, reasonsFor, refusalOf } from '../support/pgp.ts';

const { key, armored, bytes } = await makeDeviceKey('ada (Firefox on ThinkPad)', noon);
const data = bytesOf('# countersign release statement 1\n');
const asked = async (over: Uint8Array, made = noon) => ({
  signature: bytesOf(await signWithDevice(key, over, made)),
  keys: [bytes],
});

describe('the certificate', () => {
  test('is one that can be registered: named, self-certified, signing with its primary key, without an end', async () => {
    const { facts } = await readCertificate(bytesOf(armored), noon);
    expect(await refusalOf(() => requireRegistrable(facts, noon))).toBe('accepted');
    expect(facts).toMatchObject({
      ...{ primary: key.fingerprint, userIds: ['ada (Firefox on ThinkPad)'], created: noon, expires: null },
      ...{ canEncrypt: false, revocation: null },
    });
    expect(facts.signing.map(({ fingerprint }) => fingerprint)).toEqual([key.fingerprint]);
  });

  test('is nobody’s if its user id was changed by one octet', async () => {
    const changed = Uint8Array.from(bytes);
    changed[changed.indexOf(0x61, 53)] = 0x62;
    const { facts } = await readCertificate(bytes, noon);
    expect(facts.signing).toHaveLength(1);
    expect(
      await refusalOf(async () => requireRegistrable((await readCertificate(changed, noon)).facts, noon)),
    ).not.toBe('accepted');
  });

  test.each(['', '   ', 'two\nlines', 'x'.repeat(101)])('is not made for the name %j', async (name) => {
    expect(await refusalOf(() => makeDeviceKey(name, noon))).toMatch(/^input\./);
  });
});

describe('the secret', () => {
  test.each(['pkcs8', 'jwk', 'raw'] as const)('cannot be exported as %s', async (format) => {
    expect(key.privateKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey(format, key.privateKey)).rejects.toThrow();
  });
});

describe('its signatures', () => {
  test('count, all four hundred of them over random bytes', { timeout: 60_000 }, async () => {
    for (let count = 0; count < 400; count += 1) {
      const over = randomBytes(count);
      expect(await reasonsFor({ ...(await asked(over)), data: over })).toEqual([null]);
    }
  });

  test('are of the key that made them, at the moment that was given', async () => {
    const [answer] = await judge({ ...(await asked(data)), data });
    expect(answer?.facts).toMatchObject({ key: key.fingerprint, issuer: key.fingerprint, made: noon });
  });

  test('do not count over other bytes', async () => {
    expect(await reasonsFor({ ...(await asked(data)), data: bytesOf('# another statement\n') })).not.toEqual([null]);
  });

  test('do not count if they are dated before the key', async () => {
    expect(await reasonsFor({ ...(await asked(data, noon - 60_000)), data })).not.toEqual([null]);
  });

  test('over a file are the same, made of its digest alone', async () => {
    const [digest = new Uint8Array(0)] = digestBytes(data, [askDigest(key.fingerprint, noon)]);
    const signature = bytesOf(await signDigest(key, noon, digest));
    expect(await reasonsFor({ signature, keys: [bytes], data })).toEqual([null]);
  });
});
