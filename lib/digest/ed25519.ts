// Ed25519 (RFC 8032) and SHA-256 as octets, for what lib/evidence checks of the log. Trusts nothing it is given: a key or signature of the wrong
// length is just not good.
import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

// A SubjectPublicKeyInfo is this and the 32 octets of the key (RFC 8410, section 4).
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

/** SHA-256 as 32 octets. */
export const sha256Octets = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(bytes).digest());

/** Whether this key made this signature over this message. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const key = createPublicKey({ key: Buffer.concat([spkiHead, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}

/** A signature, 64 octets. */
export const signEd25519 = (privateKey: KeyObject, message: Uint8Array): Uint8Array =>
  new Uint8Array(sign(null, message, privateKey));

/** The 32 octets of the public half. */
export const publicOctetsOf = (privateKey: KeyObject): Uint8Array =>
  new Uint8Array(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(spkiHead.length));

/** What notes are checked with (lib/evidence/checkpoint.ts). */
export const noteCheck = { hash: sha256Octets, verify: verifyEd25519 };
