// The key that signs mail: the instance's own, not the index key, which no program with a network door ever holds (docs/decisions). It is made at the
// first start where MAIL_SIGNING_KEY_FILE names a file that is not there, without passphrase, for its owner alone; or it is the operator's, put
// there by hand. What it signs says that a mail came from this instance as it is, and nothing about releases. Loose file modes are refused.
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { generateIndexKey } from '#lib/pgp/make-key.ts';
import { armorCertificate } from '#lib/pgp/read-certificate.ts';
import { unlockPrivateKey, type UnlockedKey } from '#lib/pgp/sign.ts';
import type { Config } from '#lib/server/config.ts';
import { keepOnce } from '#lib/server/secrets.ts';

/** The secret half stays in lib/pgp/sign.ts of this process. */
export type MailKey = { key: UnlockedKey; fingerprint: Fingerprint; certificate: Uint8Array; armored: string };

/**
 * Opens the key of the settings, and makes it where there is none; null: mail is not signed here.
 * @throws `mail-key.loose-mode`, and `private-key.…` for a file that holds no key that can sign without passphrase
 */
export async function openMailKey({ mailSigningKeyFile: file, mailFrom }: Config, now: Date): Promise<MailKey | null> {
  if (file === null) return null;
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    keepOnce(file, (await generateIndexKey(mailFrom, now.getTime())).privateArmored);
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
    throw refuse('mail-key.loose-mode', { file });
  const key = await unlockPrivateKey(readFileSync(file), '', now.getTime());
  const { bytes } = key.certificate;
  return { key, fingerprint: key.fingerprint, certificate: bytes, armored: armorCertificate(bytes) };
}
