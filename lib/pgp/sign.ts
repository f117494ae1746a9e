// Where a private key is used: by the countersigner, and in the maintainer's browser for the length of one signature. The key stays
// inside this file (callers hold a handle), is in no error and in no answer. Refuses with words that say what to do when the key
// is locked, elsewhere, expired or revoked, before anything is signed.
import { createMessage, enums, sign, type PrivateKey } from 'openpgp';
import { refuse } from '#lib/core/errors.ts';
import { readFingerprint, type Fingerprint } from '#lib/core/ids.ts';
import { endOfKey, endOfWholeKey } from '#lib/core/key.ts';
import { sayReason } from '#lib/core/reason.ts';
import { openLocked, readLocked } from './locked-key.ts';
import { readCertificate, type Certificate } from './read-certificate.ts';
import { makeDigestSignature, type DigestWithTail } from './sign-digest.ts';

/** A key that can sign, opened. `fingerprint` is the primary's; the secret is not in it. */
export type UnlockedKey = { fingerprint: Fingerprint; certificate: Certificate };

const secrets = new WeakMap<UnlockedKey, PrivateKey>();

/**
 * Opens a private key at the moment `at`. Hostile or mistaken input is refused: `private-key.is-other`, `private-key.unreadable`,
 * `private-key.needs-passphrase`, `private-key.wrong-passphrase`, `private-key.cannot-sign` (expired, revoked), `private-key.elsewhere`
 * (smart card, stub), and what readCertificate refuses of its public half.
 */
export async function unlockPrivateKey(foreignBytes: Uint8Array, passphrase: string, at: number): Promise<UnlockedKey> {
  const locked = await readLocked(foreignBytes);
  const certificate = await readCertificate(locked.toPublic().write(), at);
  const end = endOfWholeKey(certificate.facts, at);
  if (end) throw refuse('private-key.cannot-sign', { why: sayReason(end) });
  if (signingSecrets(locked, certificate, at).length === 0)
    throw refuse('private-key.elsewhere', { key: certificate.facts.primary });
  const secret = await openLocked(locked, passphrase);
  const key: UnlockedKey = { fingerprint: certificate.facts.primary, certificate };
  secrets.set(key, secret);
  return key;
}

/** A version 4 (or, for version 6 keys, 6) detached binary signature over `bytes`, armored, made at `at`. */
export async function signDetached(key: UnlockedKey, bytes: Uint8Array, at: number): Promise<string> {
  const secret = secrets.get(key);
  const [signer] = secret ? signingSecrets(secret, key.certificate, at) : [];
  if (!secret || !signer) throw refuse('private-key.elsewhere', { key: key.fingerprint });
  const message = await createMessage({ binary: bytes });
  const signed = await sign({
    ...{ message, signingKeys: secret, signingKeyIDs: signer, detached: true, format: 'armored', date: new Date(at) },
    config: { preferredHashAlgorithm: enums.hash.sha512, showVersion: false, showComment: false },
  });
  return signed;
}

/** The same over something of which only the hash is at hand (sign-digest.ts). Refuses `private-key.needs-file` as said there. */
export async function signDigest(key: UnlockedKey, digestWith: DigestWithTail, at: number): Promise<string> {
  const secret = secrets.get(key);
  const [signer] = secret ? signingSecrets(secret, key.certificate, at) : [];
  const [found] = secret && signer ? secret.getKeys(signer) : [];
  if (!found || !('isMissingSecretKeyMaterial' in found.keyPacket))
    throw refuse('private-key.elsewhere', { key: key.fingerprint });
  return makeDigestSignature(found.keyPacket, digestWith, at);
}

/** Forgets the secret; a later signDetached with this handle is refused. */
export function forgetPrivateKey(key: UnlockedKey): void {
  secrets.delete(key);
}

/** The public half of a private key; the secret is not opened. */
export async function publicCertificateOf(foreignBytes: Uint8Array, at: number): Promise<Certificate> {
  return readCertificate((await readLocked(foreignBytes)).toPublic().write(), at);
}

type KeyId = ReturnType<PrivateKey['getKeyID']>;

/** Ids of the keys that may sign now and whose secret lies in the file, newest first (what gpg would take). */
function signingSecrets(secret: PrivateKey, { facts }: Certificate, at: number): KeyId[] {
  const usable = secret.getKeys().filter(({ keyPacket }) => {
    const issuer = readFingerprint(keyPacket.getFingerprint().toUpperCase());
    const isHere = 'isMissingSecretKeyMaterial' in keyPacket && !keyPacket.isMissingSecretKeyMaterial();
    return isHere && endOfKey(facts, issuer, at) === null;
  });
  return usable
    .sort((one, other) => other.keyPacket.created.getTime() - one.keyPacket.created.getTime())
    .map((key) => key.getKeyID());
}
