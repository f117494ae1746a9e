// One signing key under two certificates (threats.md, 20 and 31): whoever proved it first has it, in whatever place it stands.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFingerprint } from '#lib/core/ids.ts';
import { addKey } from '#lib/server/commands/add-key.ts';
import { proveKey } from '#lib/server/commands/prove-key.ts';
import { accountKeys, keyPhrase } from '#lib/server/queries/account-keys.ts';
import {
  backSignature,
  forgeCertificate,
  forgeKey,
  signaturePacket,
  sub,
  subkeyWith,
  type ForgedKey,
} from '../support/forge.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeAccount, type TestPerson } from '../support/story.ts';

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestRuntime();
});
afterAll(() => runtime.close());

type Actor = TestPerson['actor'];

async function prove(actor: Actor, primary: ForgedKey, signer: ForgedKey): Promise<void> {
  const fingerprint = readFingerprint(primary.fingerprint);
  const { bytes } = await keyPhrase(actor, fingerprint);
  const signature = signaturePacket(signer, bytes, { made: runtime.clock.now().getTime() });
  await proveKey(actor, { fingerprint, signature, way: 'upload' });
}

const withSubkey = (primary: ForgedKey, subkey: ForgedKey): Buffer =>
  forgeCertificate(primary, { rest: [subkeyWith(primary, subkey, [sub.flags(2), backSignature(subkey, primary)])] });

describe('a key that another account has proven', () => {
  it.each([
    [
      'a subkey of both',
      (first: ForgedKey, second: ForgedKey, both: ForgedKey) => [withSubkey(first, both), withSubkey(second, both)],
    ],
    [
      'the primary of one as subkey of the other',
      (first: ForgedKey, second: ForgedKey) => [forgeCertificate(first), withSubkey(second, first)],
    ],
    [
      'the subkey of one as primary of the other',
      (first: ForgedKey, second: ForgedKey) => [withSubkey(first, second), forgeCertificate(second)],
    ],
  ])('%s is refused, and no row changes', async (what, make) => {
    const word = what.replaceAll(' ', '-');
    const [first, second, both] = [forgeKey(`${word} 1`), forgeKey(`${word} 2`), forgeKey(`${word} 3`)];
    const [owner, thief] = [
      await makeAccount(`owner-${word.length}-${word.slice(4, 7)}`),
      await makeAccount(`thief-${word.length}-${word.slice(4, 7)}`),
    ];
    const [one, other] = make(first, second, both);
    await addKey(owner.actor, { certificate: one ?? Buffer.alloc(0) });
    await prove(owner.actor, first, first);
    await expectRefusal(
      () => addKey(thief.actor, { certificate: other ?? Buffer.alloc(0) }),
      'key.of-another',
      'key.refused',
    );
    expect(await accountKeys(thief.actor)).toEqual([]);
  });
});
