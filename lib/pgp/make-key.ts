// Where keys are made: the index's own, and a person's in their browser. One form for both, which GnuPG 2.2 and Debian 12's sq can use.
// A person's key leaves this file only locked with its passphrase; the open secret is in no answer and in no error.
// Refuses a passphrase that is too short, a name that cannot stand in a user id, and an end that is none.
import { generateKey as generate } from 'openpgp';
import { refuse } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { passphraseLengthMin } from '#lib/core/passphrase.ts';
import { readCertificate, type Certificate } from './read-certificate.ts';

// docs/decisions/020-keys-made-in-the-browser.md: version 4, old-style Ed25519, no subkey. (The library's newer form is unknown to GnuPG 2.2.)
const form = { type: 'ecc' as const, curve: 'curve25519Legacy' as const, subkeys: [] };

/** What a person chose. Times are milliseconds; `made` is the server's. */
export type WantedKey = { name: string; address: string; passphrase: string; made: number; expires: number };

/** All of it armored. `privateKey` is locked; `revocation` ends the key for good, whoever holds it. */
export type MadeKey = { fingerprint: Fingerprint; certificate: string; privateKey: string; revocation: string };

/**
 * A new key of a person, locked at once. Refuses `made-key.short-passphrase`, `made-key.bad-name` (markup or control characters, which
 * other programs read as something else) and `made-key.bad-end`.
 */
export async function makeKey({ name, address, passphrase, made, expires }: WantedKey): Promise<MadeKey> {
  if ([...passphrase].length < passphraseLengthMin)
    throw refuse('made-key.short-passphrase', { least: passphraseLengthMin });
  const seconds = Math.floor((expires - made) / 1000);
  if (!(seconds > 0)) throw refuse('made-key.bad-end', {});
  const userIDs = [{ name: readHolder(name), email: address }];
  const options = { ...form, userIDs, date: new Date(made), keyExpirationTime: seconds, passphrase };
  const keys = await generate({ ...options, format: 'armored' });
  const { facts } = await readCertificate(new TextEncoder().encode(keys.publicKey), made);
  return {
    fingerprint: facts.primary,
    certificate: keys.publicKey,
    privateKey: keys.privateKey,
    revocation: keys.revocationCertificate,
  };
}

/** A new key for the index, signing only, without passphrase. */
export async function generateIndexKey(
  userId: string,
  at: number,
): Promise<{ privateArmored: string; certificate: Certificate }> {
  const made = await generate({ ...form, userIDs: [{ name: userId }], date: new Date(at), format: 'object' });
  const certificate = await readCertificate(made.publicKey.write(), at);
  return { privateArmored: made.privateKey.armor(), certificate };
}

/** "Ada Lovelace" of "Ada Lovelace <ada@example.org>". */
function readHolder(name: string): string {
  const holder = name.trim().normalize('NFC');
  if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N} .'’-]{0,79}$/u.test(holder)) throw refuse('made-key.bad-name', {});
  return holder;
}
