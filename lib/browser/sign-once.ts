// What the signing worker does with its one question: read the bytes again, compare them with what is shown, unlock the key, sign, forget.
// Trusts lib/pgp for OpenPGP and nobody for the rest. Answers with an armored signature and the fingerprint, or a refusal in words; the key
// and the passphrase are in no answer and in no error.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { forgetPrivateKey, signDetached, unlockPrivateKey } from '#lib/pgp/sign.ts';
import { plain, type PlainRefusal } from './read-key.ts';
import { requireShown, type ShownDocument } from './shown-document.ts';

export type SigningRequest = {
  shown: ShownDocument;
  bytes: Uint8Array;
  /** The chosen file, or what was pasted. */
  privateKey: Blob | string;
  passphrase: string;
  /** Primary fingerprints with which this counts for the person. */
  expectedKeys: readonly string[];
  /** The server's time in milliseconds: what the signature says. */
  now: number;
};

export type SigningAnswer =
  | { armored: string; fingerprint: string; refusal?: undefined }
  | { armored?: undefined; fingerprint?: undefined; refusal: PlainRefusal };

const privateKeyBytesMax = 1024 * 1024;

/** Makes one signature, or says why not. Rejects only by a fault of ours, which then says nothing of key or passphrase. */
export async function signOnce(request: SigningRequest): Promise<SigningAnswer> {
  try {
    const { shown, bytes, passphrase, expectedKeys, now } = request;
    await requireShown(bytes, shown);
    const key = await unlockPrivateKey(await bytesOf(request.privateKey), passphrase, now);
    if (!expectedKeys.includes(key.fingerprint))
      throw refuse('signing.foreign-key', { key: key.fingerprint, expected: [...expectedKeys] });
    const armored = await signDetached(key, bytes, now);
    forgetPrivateKey(key);
    return { armored, fingerprint: key.fingerprint };
  } catch (fault) {
    if (isRefusal(fault)) return { refusal: plain(fault) };
    throw fault;
  }
}

async function bytesOf(privateKey: Blob | string): Promise<Uint8Array> {
  const blob = typeof privateKey === 'string' ? new Blob([privateKey]) : privateKey;
  if (blob.size === 0) throw refuse('input.missing', { field: 'the private key' });
  return new Uint8Array(await blob.slice(0, privateKeyBytesMax).arrayBuffer());
}
