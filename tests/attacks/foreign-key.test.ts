// A key that nobody registered, and issuer fields that name somebody else.
import { expect, test } from 'vitest';
import { judge, vector } from '../support/pgp.ts';
import { forgeCertificate, forgeKey, signaturePacket, sub } from '../support/forge.ts';

const data = vector('SHA256SUMS');

test('a signature by an unknown key is named unknown', async () => {
  const [answer] = await judge({ signature: vector('bo.asc'), keys: [vector('ada.key.asc')], data });
  expect(answer?.reason).toBe('unknown-key');
});

test('issuer fields that name another person give that person nothing', async () => {
  const [eve, ada] = [forgeKey('eve'), forgeKey('ada')];
  const hashed = [sub.made(eve.created), sub.issuer(ada)];
  const signature = signaturePacket(eve, data, { hashed, unhashed: [sub.issuerId(ada)] });
  const [answer] = await judge({ signature, keys: [forgeCertificate(eve), forgeCertificate(ada)], data });
  expect(answer?.facts.key).not.toBe(ada.fingerprint);
  expect(answer?.reason).toBe('wrong-bytes');
});

test('where two keys are named, the one that verifies is credited', async () => {
  const [eve, ada] = [forgeKey('eve'), forgeKey('ada')];
  const hashed = [sub.made(eve.created), sub.issuer(ada)];
  const signature = signaturePacket(eve, data, { hashed, unhashed: [sub.issuerId(eve)] });
  const [answer] = await judge({ signature, keys: [forgeCertificate(eve), forgeCertificate(ada)], data });
  expect(answer).toMatchObject({ reason: null, facts: { key: eve.fingerprint } });
});

test('a signature that names nobody is credited to the key that verifies it', async () => {
  const [eve, ada] = [forgeKey('eve'), forgeKey('ada')];
  const signature = signaturePacket(eve, data, { hashed: [sub.made(eve.created)], unhashed: [] });
  const [answer] = await judge({ signature, keys: [forgeCertificate(ada), forgeCertificate(eve)], data });
  expect(answer).toMatchObject({ reason: null, facts: { key: eve.fingerprint } });
});
