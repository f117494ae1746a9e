// Opens an encrypted challenge with a private key, in the maintainer's browser, for the length of one message. Both are hostile or mistaken
// input. Nothing of the key is kept or answered, and nothing of what the message says is judged here (lib/core reads it): the caller
// must give it to nobody before that. Refuses what is no whole message, what is for another key, and what was changed on its way.
import { decrypt, readMessage, type Message, type PrivateKey } from 'openpgp';
import { refuse } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { asText, readArmor } from './armor.ts';
import { openLocked, readLocked } from './locked-key.ts';
import { readCertificate } from './read-certificate.ts';

export type OpenedMessage = { fingerprint: Fingerprint; bytes: Uint8Array };

type Wanted = { privateKey: Uint8Array; passphrase: string; message: Uint8Array; at: number };

const messageBytesMax = 64 * 1024;

/**
 * The bytes inside the message and the primary fingerprint of the key that opened it. Refuses `challenge.unreadable`,
 * `challenge.not-for-this-key`, `private-key.…` (not one, unreadable, passphrase), and what readCertificate refuses of the public half.
 */
export async function decryptChallenge({ privateKey, passphrase, message, at }: Wanted): Promise<OpenedMessage> {
  const sealed = await readSealed(message);
  const locked = await readLocked(privateKey);
  const { facts } = await readCertificate(locked.toPublic().write(), at);
  if (!isFor(sealed, locked)) throw refuse('challenge.not-for-this-key', {});
  const key = await openLocked(locked, passphrase);
  try {
    const { data } = await decrypt({ message: sealed, decryptionKeys: key, format: 'binary', date: new Date(at) });
    return { fingerprint: facts.primary, bytes: data };
  } catch {
    // Of a message that was changed, and of a stub key, the library's words say nothing that helps; they could quote.
    throw refuse('challenge.not-for-this-key', {});
  }
}

type Sealed = Message<Uint8Array>;

async function readSealed(foreignBytes: Uint8Array): Promise<Sealed> {
  const unreadable = () => refuse('challenge.unreadable', {});
  if (foreignBytes.length > messageBytesMax) throw unreadable();
  const block = readArmor(asText(foreignBytes)).find(({ label }) => label === 'MESSAGE');
  const bytes = block ? block.bytes : foreignBytes;
  if (!bytes) throw unreadable();
  try {
    return await readMessage({ binaryMessage: bytes });
  } catch (cause) {
    throw refuse('challenge.unreadable', {}, cause);
  }
}

const isFor = (sealed: Sealed, key: PrivateKey): boolean =>
  sealed.getEncryptionKeyIDs().some((id) => key.getKeys(id).length > 0);
