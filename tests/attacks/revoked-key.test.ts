// Hard revocations void what came before them, soft ones do not; revocations by others void nothing.
import { expect, test } from 'vitest';
import { noon, reasonsFor, vector } from '../support/pgp.ts';
import { mergeCertificates } from '#lib/pgp/merge-certificates.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { forgeCertificate, forgeKey, overKey, signaturePacket, sub } from '../support/forge.ts';

const data = vector('SHA256SUMS');
const later = Date.parse('2026-06-03T12:00:00Z');
const asked = (name: string) => ({
  signature: vector(`${name}.asc`),
  keys: [vector(`${name}.key.asc`)],
  data,
  now: later,
});

test.each(['compromised', 'none'])(
  'a key revoked as %s voids what was received before the revocation',
  async (name) => {
    expect(await reasonsFor({ ...asked(name), received: noon })).toEqual(['key-revoked-hard']);
    expect(await reasonsFor({ ...asked(name), keys: [vector(`${name}.before.asc`)], received: noon })).toEqual([null]);
  },
);

test.each(['superseded', 'retired'])(
  'a key revoked as %s keeps what was received before and lets nothing in later',
  async (name) => {
    expect(await reasonsFor({ ...asked(name), received: noon })).toEqual([null]);
    expect(await reasonsFor({ ...asked(name), received: later })).toEqual(['key-revoked-soft']);
  },
);

test('an older copy without the revocation does not bring a revoked key back', async () => {
  const revoked = await readCertificate(vector('compromised.key.asc'), later);
  const older = await readCertificate(vector('compromised.before.asc'), later);
  for (const merged of [
    await mergeCertificates(revoked.bytes, older.bytes),
    await mergeCertificates(older.bytes, revoked.bytes),
  ])
    expect(await reasonsFor({ ...asked('compromised'), keys: [merged.bytes], received: noon })).toEqual([
      'key-revoked-hard',
    ]);
});

test('a revocation made by somebody else is ignored and thrown away', async () => {
  const [ada, eve] = [forgeKey('ada'), forgeKey('eve')];
  const forged = [
    overKey(eve, ada, { type: 0x20, more: [sub.reason(2)] }),
    overKey(eve, ada, {
      type: 0x20,
      hashed: [sub.made(ada.created), sub.issuer(ada), sub.reason(2)],
      unhashed: [sub.issuerId(ada)],
    }),
  ];
  const key = forgeCertificate(ada, { direct: forged });
  expect(await reasonsFor({ signature: signaturePacket(ada, data), keys: [key], data })).toEqual([null]);
  expect((await readCertificate(key, noon)).bytes).toEqual((await readCertificate(forgeCertificate(ada), noon)).bytes);
});
