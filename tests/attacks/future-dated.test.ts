// Signatures from the future, from before their key, without a time, or ended.
import { expect, test } from 'vitest';
import { noon, reasonsFor, vector } from '../support/pgp.ts';
import { forgeCertificate, forgeKey, keyDay, signaturePacket, sub } from '../support/forge.ts';

const data = vector('SHA256SUMS');
const key = forgeKey('eve');
const asked = (options: Parameters<typeof signaturePacket>[2], received = noon) =>
  reasonsFor({ signature: signaturePacket(key, data, options), keys: [forgeCertificate(key)], data, received });
const minute = 60_000;

test('a signature dated 2100 by real gpg does not count', async () => {
  expect(await reasonsFor({ signature: vector('ada-future.asc'), keys: [vector('ada.key.asc')], data })).toEqual([
    'made-in-the-future',
  ]);
});

test('clocks may differ by five minutes and no more', async () => {
  expect(await asked({ made: noon + 5 * minute })).toEqual([null]);
  expect(await asked({ made: noon + 5 * minute + 1000 })).toEqual(['made-in-the-future']);
});

test('a signature older than its key does not count', async () => {
  expect(await asked({ made: keyDay - 1000 })).toEqual(['made-before-key']);
});

test('a creation time that is missing, only unhashed or given twice voids the signature', async () => {
  expect(await asked({ hashed: [sub.issuer(key)] })).toEqual(['no-time']);
  expect(await asked({ hashed: [sub.issuer(key)], unhashed: [sub.made(noon)] })).toEqual(['no-time']);
  expect(await asked({ hashed: [sub.made(noon), sub.made(keyDay), sub.issuer(key)] })).toEqual(['no-time']);
});

test('a signature that has ended cannot enter, one received before its end keeps counting', async () => {
  const ending = { made: noon - 60 * minute, more: [sub.ends(3600)] };
  expect(await asked(ending)).toEqual(['signature-expired']);
  expect(await asked(ending, noon - minute)).toEqual([null]);
});

test('an end outside the hashed area ends nothing', async () => {
  expect(await asked({ unhashed: [sub.issuerId(key), sub.ends(1)] })).toEqual([null]);
});
