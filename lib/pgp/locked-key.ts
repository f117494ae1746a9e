// A private key as people hand it in, read and opened: by the countersigner and in the maintainer's browser, inside lib/pgp only. Hostile
// or mistaken bytes. Faults of the library are dropped with their causes, because they could quote the key or the passphrase.
import { decryptKey, readPrivateKey, type PrivateKey } from 'openpgp';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { asText, joinBlocks, readArmor } from './armor.ts';
import { certificateLimits } from './read-certificate.ts';
import { kindWords, recognise } from './recognise.ts';

/**
 * One private key, still locked. Refuses `private-key.is-other`, `private-key.unreadable`, `key.too-large`.
 */
export async function readLocked(foreignBytes: Uint8Array): Promise<PrivateKey> {
  const kind = recognise(foreignBytes);
  if (kind !== 'private-key') throw refuse('private-key.is-other', { looksLike: kindWords[kind] });
  const most = certificateLimits.rawBytesMax;
  if (foreignBytes.length > most) throw refuse('key.too-large', { bytes: foreignBytes.length, most });
  const blocks = readArmor(asText(foreignBytes)).filter(({ label }) => label === 'PRIVATE KEY BLOCK');
  const bytes = blocks.length > 0 ? joinBlocks(blocks) : foreignBytes;
  try {
    return await readPrivateKey({ binaryKey: bytes ?? new Uint8Array(0) });
  } catch {
    // The library's fault could quote the file: it is dropped on purpose, cause and all.
    throw refuse('private-key.unreadable', {});
  }
}

/** The same key, opened with its passphrase. Refuses `private-key.needs-passphrase`, `private-key.wrong-passphrase`. */
export async function openLocked(locked: PrivateKey, passphrase: string): Promise<PrivateKey> {
  if (locked.isDecrypted()) return locked;
  if (passphrase === '') throw refuse('private-key.needs-passphrase', {});
  try {
    return await decryptKey({ privateKey: locked, passphrase });
  } catch (fault) {
    if (isRefusal(fault)) throw fault;
    throw refuse('private-key.wrong-passphrase', {});
  }
}
