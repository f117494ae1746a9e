// What the revoking worker answers, run in Node: the same code that is served under /assets/.
import { expect, test } from 'vitest';
import { makeDeviceKey } from '#lib/browser/device-key.ts';
import { revokeOnce, type RevokingRequest } from '#lib/browser/revoke-once.ts';
import { readFingerprint } from '#lib/core/ids.ts';
import { applyRevocation, readRevocation } from '#lib/pgp/revocation.ts';
import { bytesOf, noon } from '../support/pgp.ts';

const [mine, other] = [await makeDeviceKey('ada (a browser)', noon), await makeDeviceKey('ada (another)', noon)];
const request: RevokingRequest = {
  ...{ expected: mine.key.fingerprint, certificate: mine.armored, privateKey: mine.key, passphrase: '' },
  ...{ reason: { kind: 'retired' }, now: noon + 60_000 },
};
const replaced = { kind: 'superseded', by: readFingerprint('A'.repeat(40)) } as const;

test.each([
  [{ kind: 'compromised' } as const, 'hard'],
  [{ kind: 'retired' } as const, 'soft'],
  [replaced, 'soft'],
])('a key of this browser ends itself because of %o, which is %s, and no other key', async (reason, kind) => {
  const { armored = '' } = await revokeOnce({ ...request, reason });
  const revocation = readRevocation(bytesOf(armored));
  if (!revocation) throw new Error('That is no revocation.');
  const revoked = await applyRevocation(mine.bytes, revocation);
  expect(revoked?.facts.revocation).toMatchObject({ kind, date: request.now });
  expect(await applyRevocation(other.bytes, revocation)).toBeNull();
});

test('nothing is made for another key than the one that the page shows', async () => {
  for (const wrong of [
    { expected: other.key.fingerprint },
    { privateKey: other.key },
    { certificate: other.armored },
    { certificate: '' },
  ])
    expect((await revokeOnce({ ...request, ...wrong })).refusal?.code).toBe('signing.foreign-key');
});
