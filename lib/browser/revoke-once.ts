// What the revoking worker does with its one question: open the private key, make the revocation of the key that the page shows, forget.
// Answers with the armored revocation or a refusal in words; key and passphrase are in no answer and in no error.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { RevocationReason } from '#lib/core/key-end.ts';
import { makeRevocation } from '#lib/pgp/revoke-key.ts';
import { plain, type PlainRefusal } from './read-key.ts';

export type RevokingRequest = {
  /** The primary fingerprint of the key whose page this is. */
  expected: string;
  reason: RevocationReason;
  /** The chosen file, or what was pasted. */
  privateKey: Blob | string;
  passphrase: string;
  /** The server's time in milliseconds: what the revocation says. */
  now: number;
};

export type RevokingAnswer = { armored: string; refusal?: undefined } | { armored?: undefined; refusal: PlainRefusal };

const privateKeyBytesMax = 1024 * 1024;

/** Makes one revocation, or says why not. Rejects only by a fault of ours, which then says nothing of key or passphrase. */
export async function revokeOnce(request: RevokingRequest): Promise<RevokingAnswer> {
  try {
    const blob = new Blob([request.privateKey]);
    if (blob.size === 0) throw refuse('input.missing', { field: 'the private key' });
    const bytes = new Uint8Array(await blob.slice(0, privateKeyBytesMax).arrayBuffer());
    const { expected, reason, now } = request;
    const made = await makeRevocation(bytes, request.passphrase, { reason, at: now });
    if (made.fingerprint !== expected)
      throw refuse('signing.foreign-key', { key: made.fingerprint, expected: [expected] });
    return { armored: made.armored };
  } catch (fault) {
    if (isRefusal(fault)) return { refusal: plain(fault) };
    throw fault;
  }
}
