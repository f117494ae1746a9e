// One key in two certificates (threats.md, 20): whatever place it has in them, what it signs is one signature of one certificate.
import { expect, test } from 'vitest';
import {
  backSignature,
  certify,
  forgeCertificate,
  forgeKey,
  signaturePacket,
  sub,
  subkeyWith,
  type ForgedKey,
} from '../support/forge.ts';
import { countedKeys, judge, vector } from '../support/pgp.ts';

const data = vector('SHA256SUMS');
const [ada, eve, shared] = [forgeKey('ada'), forgeKey('eve'), forgeKey('shared')];
const withSubkey = (
  primary: ForgedKey,
  subkey: ForgedKey,
  more = [sub.flags(2), backSignature(subkey, primary)],
): Buffer => forgeCertificate(primary, { rest: [subkeyWith(primary, subkey, more)] });
const twoDates = (key: ForgedKey): Buffer =>
  Buffer.concat([signaturePacket(key, data), signaturePacket(key, data, { made: key.created + 86_400_000 })]);

test('two signatures of one subkey under two primaries count for one key, in whatever order the keys come', async () => {
  const keys = [withSubkey(ada, shared), withSubkey(eve, shared)];
  const one = await countedKeys({ signature: twoDates(shared), keys, data });
  expect(one).toHaveLength(1);
  expect(await countedKeys({ signature: twoDates(shared), keys: keys.reverse(), data })).toEqual(one);
});

test('a primary that is the signing subkey of another counts for one key', async () => {
  const keys = [forgeCertificate(ada), withSubkey(eve, ada)];
  expect(await countedKeys({ signature: twoDates(ada), keys, data })).toHaveLength(1);
  expect(await countedKeys({ signature: twoDates(ada), keys: keys.reverse(), data })).toHaveLength(1);
});

test('taking the key of somebody else as a subkey, without its word, takes away nothing of theirs', async () => {
  const thefts = [[sub.flags(2)], [sub.flags(2), backSignature(eve, eve)], [sub.flags(0x0c)]];
  for (const more of thefts)
    for (const keys of [
      [forgeCertificate(ada), withSubkey(eve, ada, more)],
      [withSubkey(eve, ada, more), forgeCertificate(ada)],
    ]) {
      const [answer] = await judge({ signature: signaturePacket(ada, data), keys, data });
      expect(answer).toMatchObject({ reason: null, facts: { key: ada.fingerprint } });
    }
});

test('a key that is its own subkey counts once and ends with its primary', async () => {
  const certification = certify(ada, 'Forged <forged@example.org>', { more: [sub.flags(1)] });
  const key = forgeCertificate(ada, {
    certification,
    rest: [subkeyWith(ada, ada, [sub.flags(2), backSignature(ada, ada)])],
  });
  expect(await countedKeys({ signature: twoDates(ada), keys: [key], data })).toEqual([ada.fingerprint]);
});
