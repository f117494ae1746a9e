// Whoever passes a signature or key on can write into the areas that no signature holds. Nothing written there may void what is genuine.
import { expect, test } from 'vitest';
import { mergeCertificates } from '#lib/pgp/merge-certificates.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { backSignature, forgeCertificate, forgeKey, signaturePacket, sub, subkeyWith } from '../support/forge.ts';
import { noon, reasonsFor, vector } from '../support/pgp.ts';

const data = vector('SHA256SUMS');
const [eve, subkey] = [forgeKey('eve'), forgeKey('eve again')];
const junk = sub.embedded(Buffer.from([9, 9, 9]));
const cyclic = sub.embedded(Buffer.concat([Buffer.from([4, 0x19, 22, 8, 0, 0]), Buffer.alloc(30, 0xff)]));

test.each([
  ['a damaged signature', junk],
  ['a signature whose lengths do not fit', cyclic],
  ['a critical part nobody knows', { type: 99, critical: true, body: Buffer.from('?') }],
  ['an end in the past', sub.ends(1)],
  ['a strange time', { type: 9, body: Buffer.alloc(9, 0xff) }],
  ['the name of another key', sub.issuerId(subkey)],
])('%s in the unhashed area voids no signature, and the packet stays the same one', async (_, part) => {
  const poisoned = signaturePacket(eve, data, { unhashed: [part, sub.issuerId(eve)] });
  expect(await reasonsFor({ signature: poisoned, keys: [forgeCertificate(eve)], data })).toEqual([null]);
  const [clean] = await readSignatures(signaturePacket(eve, data));
  const [read] = await readSignatures(poisoned);
  expect(read?.sha256).toBe(clean?.sha256);
});

test('a false back-signature beside the genuine one does not take the subkey away', async () => {
  const genuine = backSignature(subkey, eve);
  const false_ = backSignature(forgeKey('other'), eve);
  for (const unhashed of [
    [false_, genuine],
    [genuine, false_],
    [junk, genuine],
    [genuine, cyclic],
  ]) {
    const rest = [subkeyWith(eve, subkey, [sub.flags(2)], { unhashed })];
    const keys = [forgeCertificate(eve, { rest })];
    expect(await reasonsFor({ signature: signaturePacket(subkey, data), keys, data })).toEqual([null]);
  }
});

test('a copy whose back-signature was stripped and that came first does not take the subkey away for good', async () => {
  const withArea = (unhashed: ReturnType<typeof backSignature>[]) =>
    forgeCertificate(eve, { rest: [subkeyWith(eve, subkey, [sub.flags(2)], { unhashed })] });
  const [stripped, whole] = await Promise.all(
    [withArea([]), withArea([backSignature(subkey, eve)])].map((file) => readCertificate(file, noon)),
  );
  expect(stripped?.facts.signing).toHaveLength(1);
  for (const [one, other] of [
    [stripped, whole],
    [whole, stripped],
  ]) {
    const merged = await mergeCertificates(one?.bytes ?? new Uint8Array(0), other?.bytes ?? new Uint8Array(0));
    expect(merged.facts.signing).toHaveLength(2);
  }
});
