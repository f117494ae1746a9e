// Times that no calendar has: a key that ends in the year 10^19 broke every page that wanted to show it.
import { expect, test } from 'vitest';
import { renderInstant } from '#lib/core/ids.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { certify, forgeCertificate, forgeKey, signaturePacket, sub } from '../support/forge.ts';
import { noon, reasonsFor, refusalOf, vector } from '../support/pgp.ts';

const data = vector('SHA256SUMS');
const eve = forgeKey('eve');
const userId = 'Forged <forged@example.org>';

test.each([0, 1, 3, 5, 8, 200])('an end of %i octets voids signature and self-signature', async (octets) => {
  const body = Buffer.alloc(octets, 0xff);
  const certification = certify(eve, userId, { more: [sub.flags(3), { type: 9, body }] });
  expect(await refusalOf(() => readCertificate(forgeCertificate(eve, { certification }), noon))).toBe(
    'key.no-self-signature',
  );
  const signature = signaturePacket(eve, data, { more: [{ type: 3, body }] });
  expect(await reasonsFor({ signature, keys: [forgeCertificate(eve)], data })).toEqual(['malformed']);
});

test('the latest end that a key can have is a date that can be written', async () => {
  const last = forgeKey('last', Math.floor(noon / 1000) * 1000);
  const certification = certify(last, userId, { more: [sub.flags(3), sub.keyEnds(0xffffffff)] });
  const { facts } = await readCertificate(forgeCertificate(last, { certification }), noon);
  expect(renderInstant(facts.expires ?? 0)).toBe('2162-07-08T18:28:15Z');
});

test('of two ends the earlier one holds, in whatever order they stand', async () => {
  for (const ends of [
    [sub.keyEnds(60), sub.keyEnds(90)],
    [sub.keyEnds(90), sub.keyEnds(60)],
  ]) {
    const certification = certify(eve, userId, { more: [sub.flags(3), ...ends] });
    const { facts } = await readCertificate(forgeCertificate(eve, { certification }), noon);
    expect(facts.expires).toBe(eve.created + 60_000);
  }
});
