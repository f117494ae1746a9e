// Several signatures in one upload, in every form: all are read, none is lost.
import { expect, test } from 'vitest';
import { countedKeys, reasonsFor, refusalOf, vector } from '../support/pgp.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { forgeCertificate, forgeKey, packet, signaturePacket } from '../support/forge.ts';

const data = vector('SHA256SUMS');
const keys = [vector('ada.key.asc'), vector('bo.key.asc')];

test.each(['concatenated.asc', 'one-block.asc'])('both signers of %s count', async (name) => {
  expect(await countedKeys({ signature: vector(name), keys, data })).toHaveLength(2);
});

test('two binary signatures one after the other both count', async () => {
  const signature = new Uint8Array([...vector('ada.sig'), ...vector('bo.sig')]);
  expect(await countedKeys({ signature, keys, data })).toHaveLength(2);
});

test('a good packet counts beside a bad one and beside one of an unknown version', async () => {
  const key = forgeKey('eve');
  const good = signaturePacket(key, data);
  const bad = signaturePacket(key, data, { made: key.created + 1000, hash: 2 });
  const strange = packet(2, Buffer.from([9, 0, 22, 8, 0, 0, 0, 0, 0, 0]));
  const signature = Buffer.concat([strange, bad, good]);
  expect(await reasonsFor({ signature, keys: [forgeCertificate(key)], data })).toEqual([
    'unsupported-version',
    'weak-hash',
    null,
  ]);
});

test('a damaged second block refuses the whole upload instead of being lost', async () => {
  const text = `${Buffer.from(vector('ada.asc')).toString()}\n-----BEGIN PGP SIGNATURE-----\n\n!!!!\n-----END PGP SIGNATURE-----\n`;
  expect(await refusalOf(() => readSignatures(Buffer.from(text)))).toBe('signature.unreadable');
});

test('more than 16 signatures, and more than 64 KiB, are refused', async () => {
  const key = forgeKey('eve');
  const many = Array.from({ length: 17 }, (_, index) =>
    signaturePacket(key, data, { made: key.created + index * 1000 }),
  );
  expect(await refusalOf(() => readSignatures(Buffer.concat(many)))).toBe('signature.too-many');
  expect(await refusalOf(() => readSignatures(Buffer.concat(Array.from({ length: 60 }, () => many).flat())))).toBe(
    'signature.too-large',
  );
});
