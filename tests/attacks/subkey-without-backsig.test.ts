// A stranger binds somebody else’s signing subkey to a key of their own and takes its signatures over.
import { expect, test } from 'vitest';
import { judge, noon, vector } from '../support/pgp.ts';
import {
  type ForgedKey,
  backSignature,
  forgeCertificate,
  forgeKey,
  keyDay,
  signaturePacket,
  sub,
  subkeyWith,
} from '../support/forge.ts';

const data = vector('SHA256SUMS');
const [eve, subkey, other] = [forgeKey('eve'), forgeKey('of ada'), forgeKey('other')];

async function reasonWith(
  more: Parameters<typeof subkeyWith>[2],
  binder: ForgedKey = eve,
): Promise<string | null | undefined> {
  const key = forgeCertificate(eve, { rest: [subkeyWith(binder, subkey, more)] });
  const [answer] = await judge({ signature: signaturePacket(subkey, data, { made: noon - 1000 }), keys: [key], data });
  return answer?.reason;
}

test('a subkey with a good back-signature counts', async () => {
  expect(await reasonWith([sub.flags(2), backSignature(subkey, eve)])).toBeNull();
});

test('a subkey without a back-signature does not count', async () => {
  expect(await reasonWith([sub.flags(2)])).toBe('key-cannot-sign');
});

test('a back-signature by another key, or over another primary, does not count', async () => {
  expect(await reasonWith([sub.flags(2), backSignature(other, eve)])).toBe('key-cannot-sign');
  expect(await reasonWith([sub.flags(2), backSignature(subkey, other)])).toBe('key-cannot-sign');
});

test('a back-signature of another type does not count', async () => {
  expect(await reasonWith([sub.flags(2), backSignature(subkey, eve, { type: 0x18 })])).toBe('key-cannot-sign');
});

test('an ended back-signature does not count any more', async () => {
  const ended = backSignature(subkey, eve, { more: [sub.ends((noon - keyDay) / 1000 - 10)] });
  expect(await reasonWith([sub.flags(2), ended])).toBe('key-expired');
});

test('a subkey bound by a stranger is ignored', async () => {
  expect(await reasonWith([sub.flags(2), backSignature(subkey, other)], other)).toBe('unknown-key');
});
