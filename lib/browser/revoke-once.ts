// What the revoking worker does with its one question: open the private key (or take the handle of one), make the revocation of the key that the
// page shows, forget.
// Answers with the armored revocation or a refusal in words; key and passphrase are in no answer and in no error.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { RevocationReason } from '#lib/core/key-end.ts';
import { readArmor } from '#lib/pgp/armor.ts';
import { makeRevocation, wordsOf } from '#lib/pgp/revoke-key.ts';
import { revokeDevice, type DeviceKey } from './device-key.ts';
import { bytesOf, type PrivateKeyInput } from './private-key-input.ts';
import { plain, type PlainRefusal } from './read-key.ts';

export type RevokingRequest = {
  /** The primary fingerprint of the key whose page this is. */
  expected: string;
  reason: RevocationReason;
  /** The armored certificate of that key. */
  certificate: string;
  /** The chosen file, what was pasted, or the handle of a key of this browser. */
  privateKey: PrivateKeyInput | DeviceKey;
  passphrase: string;
  /** The server's time in milliseconds: what the revocation says. */
  now: number;
};

export type RevokingAnswer = { armored: string; refusal?: undefined } | { armored?: undefined; refusal: PlainRefusal };

/** Makes one revocation, or says why not. Rejects only by a fault of ours, which then says nothing of key or passphrase. */
export async function revokeOnce(request: RevokingRequest): Promise<RevokingAnswer> {
  try {
    return { armored: await revoke(request) };
  } catch (fault) {
    if (isRefusal(fault)) return { refusal: plain(fault) };
    throw fault;
  }
}

async function revoke({
  expected,
  certificate,
  reason,
  privateKey,
  passphrase,
  now,
}: RevokingRequest): Promise<string> {
  if (typeof privateKey === 'object' && 'fingerprint' in privateKey) {
    requireExpected(privateKey.fingerprint, expected);
    return revokeDevice(privateKey, bytesIn(certificate), wordsOf(reason), now);
  }
  const made = await makeRevocation(await bytesOf(privateKey), passphrase, { reason, at: now });
  requireExpected(made.fingerprint, expected);
  return made.armored;
}

function requireExpected(key: string, expected: string): void {
  if (key !== expected) throw refuse('signing.foreign-key', { key, expected: [expected] });
}

const bytesIn = (armored: string): Uint8Array => readArmor(armored)[0]?.bytes ?? new Uint8Array(0);
