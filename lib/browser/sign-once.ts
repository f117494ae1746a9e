// What the signing worker does with its one question: read the bytes again, compare them with what is shown, unlock the key, sign, forget.
// Trusts lib/pgp for OpenPGP and nobody for the rest. Answers with an armored signature and the fingerprint, or a refusal in words; the key
// and the passphrase are in no answer and in no error.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { forgetPrivateKey, signDetached, unlockPrivateKey } from '#lib/pgp/sign.ts';
import { signWithDevice, type DeviceKey } from './device-key.ts';
import { bytesOf } from './private-key-input.ts';
import { plain, type PlainRefusal } from './read-key.ts';
import { requireShown, type ShownDocument } from './shown-document.ts';

export type SigningRequest = {
  shown: ShownDocument;
  bytes: Uint8Array;
  /** The chosen file, what was pasted, or the handle of a key of this browser. */
  privateKey: Blob | string | DeviceKey;
  passphrase: string;
  /** Primary fingerprints with which this counts for the person. */
  expectedKeys: readonly string[];
  /** The server's time in milliseconds: what the signature says. */
  now: number;
};

export type SigningAnswer =
  | { armored: string; fingerprint: string; refusal?: undefined }
  | { armored?: undefined; fingerprint?: undefined; refusal: PlainRefusal };

/** Makes one signature, or says why not. Rejects only by a fault of ours, which then says nothing of key or passphrase. */
export async function signOnce(request: SigningRequest): Promise<SigningAnswer> {
  try {
    await requireShown(request.bytes, request.shown);
    const { privateKey } = request;
    if (typeof privateKey === 'object' && 'fingerprint' in privateKey) return await signByHandle(privateKey, request);
    return await signByKey(privateKey, request);
  } catch (fault) {
    if (isRefusal(fault)) return { refusal: plain(fault) };
    throw fault;
  }
}

async function signByHandle(key: DeviceKey, { bytes, expectedKeys, now }: SigningRequest): Promise<SigningAnswer> {
  requireExpected(key.fingerprint, expectedKeys);
  return { armored: await signWithDevice(key, bytes, now), fingerprint: key.fingerprint };
}

async function signByKey(privateKey: Blob | string, request: SigningRequest): Promise<SigningAnswer> {
  const { bytes, passphrase, expectedKeys, now } = request;
  const key = await unlockPrivateKey(await bytesOf(privateKey), passphrase, now);
  requireExpected(key.fingerprint, expectedKeys);
  const armored = await signDetached(key, bytes, now);
  forgetPrivateKey(key);
  return { armored, fingerprint: key.fingerprint };
}

function requireExpected(key: Fingerprint, expected: readonly string[]): void {
  if (!expected.includes(key)) throw refuse('signing.foreign-key', { key, expected: [...expected] });
}
