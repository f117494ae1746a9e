// A revocation that stands where a reader does not look, or for which there is no room, must end the key all the same.
import { expect, test } from 'vitest';
import { mergeCertificates } from '#lib/pgp/merge-certificates.ts';
import { certificateLimits, readCertificate } from '#lib/pgp/read-certificate.ts';
import {
  backSignature,
  certify,
  forgeCertificate,
  forgeKey,
  overKey,
  overSubkey,
  packet,
  signaturePacket,
  sub,
  subkeyWith,
  userIdPacket,
} from '../support/forge.ts';
import { noon, reasonsFor, refusalOf, vector } from '../support/pgp.ts';

const data = vector('SHA256SUMS');
const [eve, subkey] = [forgeKey('eve'), forgeKey('eve again')];
const bound = subkeyWith(eve, subkey, [sub.flags(2), backSignature(subkey, eve)]);
const compromised = overKey(eve, eve, { type: 0x20, more: [sub.reason(2)] });

test('a revocation certificate appended to the key file revokes the key', async () => {
  const signature = signaturePacket(eve, data);
  for (const rest of [[compromised], [bound, compromised]])
    expect(await reasonsFor({ signature, keys: [forgeCertificate(eve, { rest })], data })).toEqual([
      'key-revoked-hard',
    ]);
  const joined = new Uint8Array([...vector('compromised.before.asc'), ...vector('compromised.revocation.asc')]);
  const later = Date.parse('2026-06-03T12:00:00Z');
  const asked = { signature: vector('compromised.asc'), keys: [joined], data, now: later };
  expect(await reasonsFor(asked)).toEqual(['key-revoked-hard']);
});

test('a subkey that stands there twice, once with its revocation, is revoked', async () => {
  const gone = Buffer.concat([
    packet(14, subkey.body),
    overSubkey(eve, eve, subkey, { type: 0x28, more: [sub.reason(2)] }),
  ]);
  const signature = signaturePacket(subkey, data);
  for (const rest of [
    [bound, gone],
    [gone, bound],
  ])
    expect(await reasonsFor({ signature, keys: [forgeCertificate(eve, { rest })], data })).toEqual([
      'key-revoked-hard',
    ]);
});

test('a certificate filled to its limit still takes its revocation, whatever else comes with it', async () => {
  const named = (word: string, count: number, length: number) =>
    Array.from({ length: count }, (_, at) => `${word} ${at} ${'x'.repeat(length)}`).flatMap((name) => [
      userIdPacket(name),
      certify(eve, name),
    ]);
  const large = await readCertificate(forgeCertificate(eve, { rest: named('thief', 44, 560) }), noon);
  expect(large.bytes.length).toBeGreaterThan(certificateLimits.storedBytesMax * 0.9);
  const many = await readCertificate(forgeCertificate(eve, { rest: named('thief', 140, 1) }), noon);
  const copies = [
    forgeCertificate(eve, { direct: [compromised] }),
    forgeCertificate(eve, { direct: [compromised], rest: named('owner', 20, 500) }),
  ];
  for (const full of [large, many])
    for (const copy of copies) {
      const merged = await mergeCertificates(full.bytes, (await readCertificate(copy, noon)).bytes);
      expect(merged.facts.revocation?.kind).toBe('hard');
    }
  const unrevoked = await readCertificate(forgeCertificate(eve, { rest: named('owner', 20, 500) }), noon);
  expect(await refusalOf(() => mergeCertificates(large.bytes, unrevoked.bytes))).toBe('key.too-large');
});

test('of many revocations the one that ends the key most is kept, and a later one does not soften it', async () => {
  const soft = (made: number) => overKey(eve, eve, { type: 0x20, made, more: [sub.reason(1)] });
  const days = Array.from({ length: 30 }, (_, at) => soft(eve.created + (at + 1) * 86_400_000));
  const { facts, bytes } = await readCertificate(forgeCertificate(eve, { direct: days.reverse() }), noon);
  expect(facts.revocation).toMatchObject({ kind: 'soft', date: eve.created + 86_400_000 });
  const hard = await readCertificate(forgeCertificate(eve, { direct: [compromised] }), noon);
  for (const merged of [await mergeCertificates(bytes, hard.bytes), await mergeCertificates(hard.bytes, bytes)])
    expect(merged.facts.revocation?.kind).toBe('hard');
});
