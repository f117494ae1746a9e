// Encrypts a challenge to a certificate, so that whoever opens it has the private key. The certificate is one that we stored (cleaned: only
// what its own primary key signed); which of its keys may be encrypted to at a moment is decided by the library, binding by binding,
// and a key that can only sign is refused before anything is made. Plain packets without compression: gpg 2.2 and sq 0.27 open them.
import { createMessage, encrypt, enums, readKey, type PublicKey } from 'openpgp';
import { refuse } from '#lib/core/errors.ts';
import { readKeyFacts } from './read-key-facts.ts';

type KeyId = ReturnType<PublicKey['getKeyID']>;

/** Whether a message could be encrypted to this stored certificate at that moment; false for keys that only sign, and for ended ones. */
export async function canBeEncryptedTo(certificate: Uint8Array, at: number): Promise<boolean> {
  return (await encryptionKeys(await readKey({ binaryKey: certificate }), at)).length > 0;
}

/**
 * The text, encrypted to every live encryption key of the certificate and armored. Refuses `key.cannot-decrypt` where there is none.
 */
export async function encryptChallenge(certificate: Uint8Array, text: string, at: number): Promise<string> {
  const key = await readKey({ binaryKey: certificate });
  const ids = await encryptionKeys(key, at);
  if (ids.length === 0) throw refuse('key.cannot-decrypt', { key: (await readKeyFacts(certificate)).primary });
  return encrypt({
    message: await createMessage({ binary: new TextEncoder().encode(text) }),
    // The library takes one subkey a key: each live one is asked for by its id.
    ...{ encryptionKeys: ids.map(() => key), encryptionKeyIDs: ids },
    ...{ format: 'armored', date: new Date(at) },
    config: {
      preferredCompressionAlgorithm: enums.compression.uncompressed,
      ...{ showVersion: false, showComment: false },
    },
  });
}

/** The ids of the live encryption (sub)keys, newest first. */
async function encryptionKeys(key: PublicKey, at: number): Promise<KeyId[]> {
  const found: { id: KeyId; created: number }[] = [];
  for (const part of key.getKeys()) {
    const id = part.getKeyID();
    // "Cannot be encrypted to" is thrown by the library, and is an answer here.
    const live = await key.getEncryptionKey(id, new Date(at)).then(
      (chosen) => chosen.getKeyID().equals(id),
      () => false,
    );
    if (live) found.push({ id, created: part.keyPacket.created.getTime() });
  }
  return found.sort((one, other) => other.created - one.created).map(({ id }) => id);
}
