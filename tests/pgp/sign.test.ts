// Signing with a private key at hand: what comes out counts, and each mistake has its own refusal before anything is signed.
import { decryptKey, encryptKey, generateKey, readPrivateKey } from 'openpgp';
import { expect, test } from 'vitest';
import { generateIndexKey } from '#lib/pgp/make-key.ts';
import { armorSignatures } from '#lib/pgp/merge-signatures.ts';
import { recognise } from '#lib/pgp/recognise.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { forgetPrivateKey, publicCertificateOf, signDetached, unlockPrivateKey } from '#lib/pgp/sign.ts';
import { bytesOf, countedKeys, noon, reasonsFor, refusalOf, vector } from '../support/pgp.ts';

const data = vector('SHA256SUMS');
const secret = vector('ada.private.asc');

test('a signature made with an unlocked key counts at the moment it was made', async () => {
  const key = await unlockPrivateKey(secret, '', noon);
  const signature = bytesOf(await signDetached(key, data, noon));
  expect(await reasonsFor({ signature, keys: [vector('ada.key.asc')], data })).toEqual([null]);
});

test('a key for the index is version 4 Ed25519, signs, and needs no passphrase', async () => {
  const { privateArmored, certificate } = await generateIndexKey('index sign.example.org', noon);
  expect(certificate.facts).toMatchObject({ algorithm: 'Ed25519 (EdDSA)', canEncrypt: false, expires: null });
  const key = await unlockPrivateKey(bytesOf(privateArmored), '', noon);
  const signature = bytesOf(await signDetached(key, data, noon));
  expect(await countedKeys({ signature, keys: [certificate.bytes], data })).toEqual([certificate.facts.primary]);
});

test('the public half comes out of a private key without the secret', async () => {
  const { facts, bytes } = await publicCertificateOf(secret, noon);
  expect(facts.userIds).toEqual(['ada <ada@example.org>']);
  expect(recognise(secret)).toBe('private-key');
  expect(recognise(bytes)).toBe('certificate');
});

test('a wrong or missing passphrase is refused in words', async () => {
  const plain = await readPrivateKey({ binaryKey: vector('ada.private.gpg') });
  const open = plain.isDecrypted() ? plain : await decryptKey({ privateKey: plain, passphrase: '' });
  const locked = bytesOf((await encryptKey({ privateKey: open, passphrase: 'right' })).armor());
  expect(await refusalOf(() => unlockPrivateKey(locked, 'wrong', noon))).toBe('private-key.wrong-passphrase');
  expect(await refusalOf(() => unlockPrivateKey(locked, '', noon))).toBe('private-key.needs-passphrase');
  expect(await refusalOf(() => unlockPrivateKey(locked, 'right', noon))).toBe('accepted');
});

test.each([
  ['ada.key.asc', 'private-key.is-other'],
  ['ada.asc', 'private-key.is-other'],
  ['SHA256SUMS', 'private-key.is-other'],
] as const)('%s instead of a private key is refused with %s', async (name, code) => {
  expect(await refusalOf(() => unlockPrivateKey(vector(name), '', noon))).toBe(code);
});

test('a damaged private key is refused without quoting it', async () => {
  const damaged = secret.slice(0, secret.length - 200);
  const fault: unknown = await unlockPrivateKey(damaged, '', noon).catch((thrown: unknown) => thrown);
  expect(fault).toMatchObject({ code: 'private-key.unreadable' });
  expect((fault as Error).cause).toBeUndefined();
});

test('a key whose signing secret lies elsewhere is refused', async () => {
  const key = await readPrivateKey({ binaryKey: vector('ada.private.gpg') });
  if ('makeDummy' in key.keyPacket) key.keyPacket.makeDummy();
  expect(await refusalOf(() => unlockPrivateKey(key.write(), '', noon))).toBe('private-key.elsewhere');
});

test('an expired key signs nothing', async () => {
  const { privateKey } = await generateKey({
    ...{ type: 'ecc', curve: 'curve25519Legacy', userIDs: [{ name: 'short' }], format: 'object' },
    ...{ date: new Date(noon - 86_400_000), keyExpirationTime: 3600 },
  });
  expect(await refusalOf(() => unlockPrivateKey(privateKey.write(), '', noon))).toBe('private-key.cannot-sign');
});

test('a forgotten key signs nothing', async () => {
  const key = await unlockPrivateKey(secret, '', noon);
  forgetPrivateKey(key);
  expect(await refusalOf(() => signDetached(key, data, noon))).toBe('private-key.elsewhere');
});

test('merged signatures are one block, the same in whatever order they came', async () => {
  const packets = await readSignatures(vector('concatenated.asc'));
  const named = packets.map(({ bytes }, index) => ({ bytes, key: (['B', 'A'][index] ?? '') as never }));
  const merged = armorSignatures(named);
  expect(merged).toBe(armorSignatures([...named].reverse()));
  expect(merged.match(/BEGIN/g)).toHaveLength(1);
  expect((await readSignatures(bytesOf(merged))).map(({ sha256 }) => sha256)).toEqual(
    [...packets].reverse().map(({ sha256 }) => sha256),
  );
});

test.each([
  ['new Ed25519 of version 4', { type: 'curve25519' as const }],
  ['Ed25519 of version 6', { type: 'curve25519' as const, config: { v6Keys: true } }],
  ['Ed448 of version 6', { type: 'curve448' as const, config: { v6Keys: true } }],
  ['ECDSA P-521', { type: 'ecc' as const, curve: 'nistP521' as const }],
])('signatures by %s count, and not over other bytes', async (_, options) => {
  const made = await generateKey({
    ...options,
    userIDs: [{ name: 'new' }],
    date: new Date(noon - 1000),
    format: 'object',
  });
  const key = await unlockPrivateKey(made.privateKey.write(), '', noon);
  const signature = bytesOf(await signDetached(key, data, noon));
  const keys = [made.publicKey.write()];
  expect(await reasonsFor({ signature, keys, data })).toEqual([null]);
  expect(await reasonsFor({ signature, keys, data: bytesOf('other') })).toEqual(['wrong-bytes']);
});
