// What a key file turns into: facts and cleaned bytes, or a refusal with the right code. Files by real gpg, and forged ones.
import { expect, test } from 'vitest';
import { armorCertificate, certificateLimits, readCertificate, requireRegistrable } from '#lib/pgp/read-certificate.ts';
import { mergeCertificates } from '#lib/pgp/merge-certificates.ts';
import { readKeyFacts } from '#lib/pgp/read-key-facts.ts';
import {
  backSignature,
  certify,
  forgeCertificate,
  forgeKey,
  keyDay,
  overKey,
  packet,
  sub,
  subkeyWith,
  userIdPacket,
  type Sub,
} from '../support/forge.ts';
import { spentMs } from '../support/effort.ts';
import { bytesOf, noon, refusalOf, vector } from '../support/pgp.ts';

const later = Date.parse('2026-06-03T12:00:00Z');
const eve = forgeKey('eve');
const day = 86_400;

test('armored and binary files of one key give the same facts and bytes', async () => {
  const [armored, binary] = await Promise.all(
    ['ada.key.asc', 'ada.key.gpg'].map((name) => readCertificate(vector(name), noon)),
  );
  expect(armored).toEqual(binary);
  expect(armored?.facts).toMatchObject({
    algorithm: 'Ed25519 (EdDSA)',
    created: keyDay,
    expires: null,
    userIds: ['ada <ada@example.org>'],
    canEncrypt: true,
  });
  expect(armored?.facts.signing.map(({ fingerprint }) => fingerprint)).toEqual([armored?.facts.primary]);
});

test.each([
  ['bo', 'RSA 3072'],
  ['chi', 'ECDSA P-256'],
  ['dan', 'ECDSA P-384'],
])('the key of %s is %s and may be registered', async (name, algorithm) => {
  const { facts } = await readCertificate(vector(`${name}.key.asc`), noon);
  expect(facts.algorithm).toBe(algorithm);
  expect(await refusalOf(() => requireRegistrable(facts, noon))).toBe('accepted');
});

test.each([
  ['ada.private.asc', 'key.is-private'],
  ['ada.private.gpg', 'key.is-private'],
  ['several.key.asc', 'key.several'],
  ['ada.asc', 'key.is-signature'],
  ['ada.sig', 'key.is-signature'],
  ['compromised.revocation.asc', 'key.is-revocation'],
  ['ada-clear.asc', 'key.is-other'],
  ['ada-inline.asc', 'key.is-other'],
  ['ada-inline.gpg', 'key.is-other'],
  ['ada.key.utf16.asc', 'key.utf-16'],
  ['small.key.asc', 'key.weak'],
  ['dsa.key.asc', 'key.weak'],
  ['koblitz.key.asc', 'key.weak'],
  ['weak.key.asc', 'key.weak'],
  ['SHA256SUMS', 'key.is-other'],
] as const)('the file %s is refused with %s', async (name, code) => {
  expect(await refusalOf(() => readCertificate(vector(name), noon))).toBe(code);
});

test.each([
  ['old', 'key.expired'],
  ['compromised', 'key.revoked'],
  ['none', 'key.revoked'],
  ['superseded', 'key.revoked'],
  ['only-encrypts', 'key.cannot-sign'],
] as const)('the key %s can be read but not registered: %s', async (name, code) => {
  const { facts } = await readCertificate(vector(`${name}.key.asc`), later);
  expect(await refusalOf(() => requireRegistrable(facts, later))).toBe(code);
});

test('a private key is recognised behind text, behind a public key, and without its first and last line', async () => {
  const armored = Buffer.from(vector('ada.private.asc')).toString();
  const bare = armored.split('\n').slice(2, -3).join('\n');
  const hidden = [
    `Dear index,\n\n${armored}`,
    `${Buffer.from(vector('bo.key.asc')).toString()}\n${armored}`,
    armored.replaceAll('PRIVATE KEY BLOCK', 'PUBLIC KEY BLOCK'),
    bare,
  ].map(bytesOf);
  const glued = new Uint8Array([...vector('ada.key.gpg'), ...vector('ada.private.gpg')]);
  for (const file of [...hidden, glued, new Uint8Array(Buffer.from(`\ufeff${armored}`, 'utf16le'))])
    expect(await refusalOf(() => readCertificate(file, noon))).toBe('key.is-private');
});

test('foreign signatures, pictures, free text and stray parts are thrown away', async () => {
  const other = forgeKey('other');
  const userId = 'Forged <forged@example.org>';
  const dressed = Buffer.concat([
    packet(6, eve.body),
    userIdPacket(userId),
    certify(other, userId, { type: 0x10 }),
    certify(eve, userId, { unhashed: [sub.issuerId(eve), { type: 101, body: bytesOf('advertising') }] }),
    packet(17, bytesOf('a picture')),
    certify(other, 'picture', { type: 0x10 }),
    userIdPacket('Somebody <else@example.org>'),
    certify(other, 'Somebody <else@example.org>'),
    subkeyWith(other, forgeKey('stray'), [sub.flags(2)]),
  ]);
  expect((await readCertificate(dressed, noon)).bytes).toEqual(
    (await readCertificate(forgeCertificate(eve), noon)).bytes,
  );
});

test('cleaned bytes read again give themselves, and their armor too', async () => {
  const { bytes, facts } = await readCertificate(vector('two.key.asc'), noon);
  expect(await readCertificate(bytes, noon)).toEqual({ bytes, facts });
  expect(await readCertificate(bytesOf(armorCertificate(bytes)), noon)).toEqual({ bytes, facts });
  expect(await readKeyFacts(bytes)).toEqual(facts);
});

test('the newest self-signature says when a key ends; one from the future says nothing', async () => {
  const userId = 'Forged <forged@example.org>';
  const ending = (made: number, more: Sub[]) => certify(eve, userId, { made, more: [sub.flags(3), ...more] });
  const certificate = Buffer.concat([
    forgeCertificate(eve, { certification: ending(keyDay, [sub.keyEnds(30 * day)]) }),
    ending(keyDay + 1000, [sub.keyEnds(60 * day)]),
    ending(noon + 86_400_000, []),
  ]);
  const { facts } = await readCertificate(certificate, noon);
  expect(facts.expires).toBe(keyDay + 60 * day * 1000);
});

test('a revoked user id is not shown, and a certificate keeps its revocation', async () => {
  const userId = 'Old <old@example.org>';
  const revoked = [userIdPacket(userId), certify(eve, userId), certify(eve, userId, { type: 0x30, made: noon - 1000 })];
  const { facts, bytes } = await readCertificate(forgeCertificate(eve, { rest: revoked }), noon);
  expect(facts.userIds).toEqual(['Forged <forged@example.org>']);
  const merged = await mergeCertificates(bytes, forgeCertificate(eve, { rest: revoked.slice(0, 2) }));
  expect(merged.facts.userIds).toEqual(facts.userIds);
});

test('a key that nothing vouches for is refused', async () => {
  const nobody = Buffer.concat([packet(6, eve.body), userIdPacket('Nobody'), certify(forgeKey('other'), 'Nobody')]);
  expect(await refusalOf(() => readCertificate(nobody, noon))).toBe('key.no-self-signature');
  expect(await refusalOf(() => readCertificate(packet(6, eve.body), noon))).toBe('key.no-self-signature');
});

test('merging keeps what either copy has and refuses another key', async () => {
  const subkey = forgeKey('subkey');
  const bound = subkeyWith(eve, subkey, [sub.flags(2), backSignature(subkey, eve)]);
  const more = forgeCertificate(eve, { rest: [bound] });
  for (const [one, other] of [
    [forgeCertificate(eve), more],
    [more, forgeCertificate(eve)],
  ] as const)
    expect((await mergeCertificates(one, other)).facts.signing).toHaveLength(2);
  expect(await refusalOf(() => mergeCertificates(more, forgeCertificate(subkey)))).toBe('key.merge-other');
});

test('keys of version 3 and 5, padded numbers and trailing octets are no keys', async () => {
  for (const version of [2, 3, 5]) {
    const body = Buffer.from(eve.body);
    body[0] = version;
    expect(await refusalOf(() => readCertificate(packet(6, body), noon))).toBe('key.weak');
  }
  const longer = packet(6, Buffer.concat([eve.body, Buffer.from([0])]));
  expect(await refusalOf(() => readCertificate(longer, noon))).toBe('key.unreadable');
});

test('a key flooded with signatures of others is read in under two seconds', async () => {
  const other = forgeKey('flooder');
  const userId = 'Forged <forged@example.org>';
  const flood = Array.from({ length: 4000 }, (_, index) =>
    certify(other, userId, { type: 0x10, made: keyDay + index * 1000 }),
  );
  const flooded = forgeCertificate(eve, { rest: flood });
  const started = spentMs();
  const { bytes } = await readCertificate(flooded, noon);
  expect(spentMs() - started).toBeLessThan(2000);
  expect(bytes.length).toBeLessThan(10 * 1024);
});

test('a key flooded in its own name is refused in under two seconds', async () => {
  const forged = Array.from({ length: 4000 }, (_, index) =>
    overKey(eve, forgeKey('other'), { type: 0x20, made: keyDay + index * 1000, more: [sub.reason(2)] }),
  );
  const started = spentMs();
  expect(await refusalOf(() => readCertificate(forgeCertificate(eve, { direct: forged }), noon))).toBe(
    'key.too-complex',
  );
  expect(spentMs() - started).toBeLessThan(2000);
});

test('more than 1 MiB raw, and more than 32 KiB of its own, are refused', async () => {
  const raw = new Uint8Array(certificateLimits.rawBytesMax + 1);
  expect(await refusalOf(() => readCertificate(raw, noon))).toBe('key.too-large');
  const names = Array.from({ length: 60 }, (_, index) => `${index} ${'x'.repeat(600)}`);
  const rest = names.flatMap((name) => [userIdPacket(name), certify(eve, name)]);
  expect(await refusalOf(() => readCertificate(forgeCertificate(eve, { rest }), noon))).toBe('key.too-large');
});

test.each([
  ['zip', 'PK\u0003\u0004....'],
  ['pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ['ssh', 'ssh-ed25519 AAAAC3Nz ada@example'],
  ['empty', ''],
  ['text', 'hello'],
])('%s is named for what it is and refused', async (_, text) => {
  expect(await refusalOf(() => readCertificate(bytesOf(text), noon))).toBe('key.is-other');
});
