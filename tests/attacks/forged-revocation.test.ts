// Rows 17 and 33 of threats.md: a revocation that the key did not make ends nothing, and one that it made cannot be taken away again.
import { expect, test } from 'vitest';
import { mergeCertificates } from '#lib/pgp/merge-certificates.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { applyRevocation, readRevocation } from '#lib/pgp/revocation.ts';
import { noon, vector } from '../support/pgp.ts';

const stored = async (name: string): Promise<Uint8Array> => (await readCertificate(vector(name), noon)).bytes;

test('a revocation of another key, or with one bit changed, ends nothing', async () => {
  const genuine = readRevocation(vector('compromised.revocation.asc'));
  if (!genuine) throw new Error('The vector is a revocation.');
  const mine = await stored('compromised.before.asc');
  expect((await applyRevocation(mine, genuine))?.facts.revocation?.kind).toBe('hard');
  expect(await applyRevocation(await stored('ada.key.asc'), genuine)).toBeNull();
  for (let at = 0; at < genuine.body.length; at += 1) {
    const body = genuine.body.map((octet, place) => (place === at ? octet ^ 1 : octet));
    const ended = await applyRevocation(mine, { body });
    // What is not hashed may change; the revocation that counts then is the genuine one all the same.
    if (ended)
      expect(ended.facts.revocation).toEqual({ kind: 'hard', date: expect.any(Number), reason: 'compromised' });
    else expect(ended).toBeNull();
  }
});

test.each(['ada.asc', 'ada.sig', 'ada.key.asc', 'compromised.key.asc', 'ada.private.asc', 'concatenated.asc'])(
  '%s is not taken for a revocation certificate',
  (name) => {
    expect(readRevocation(vector(name))).toBeNull();
  },
);

test('an older copy without the revocation does not take it away', async () => {
  const merged = await mergeCertificates(await stored('compromised.key.asc'), await stored('compromised.before.asc'));
  expect(merged.facts.revocation?.kind).toBe('hard');
});
