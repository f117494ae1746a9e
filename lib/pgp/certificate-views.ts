// Stored certificates as others want them: several in one file, or one with only some of its user ids. Works on bytes that lib/pgp cleaned
// and we stored; nothing is added, re-signed or judged here, so whoever reads the result checks the same signatures as in the original.
import { concatBytes } from '#lib/core/bytes.ts';
import { renderArmor } from './armor.ts';
import { renderParts } from './certificate-parts.ts';
import { readAllParts } from './read-certificate.ts';
import { readUserId } from './self-signatures.ts';

/** All certificates in one armored block, which gpg and sqv read whole. */
export const armorCertificates = (stored: readonly Uint8Array[]): string =>
  renderArmor('PUBLIC KEY BLOCK', concatBytes(stored));

/** The binary certificate with only those user ids whose text is wanted; null where none is. */
export function keepUserIds(stored: Uint8Array, isWanted: (userId: string) => boolean): Uint8Array | null {
  const [parts] = readAllParts(stored);
  const userIds = parts?.userIds.filter((part) => {
    const text = readUserId(part)?.userID;
    return text !== undefined && isWanted(text);
  });
  return parts && userIds && userIds.length > 0 ? renderParts({ ...parts, userIds }) : null;
}
