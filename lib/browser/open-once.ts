// What the opening worker does with its one question: open the encrypted challenge with the private key, read what is inside as the one text
// that we write, compare it with what is shown, answer the token, forget. That comparison is the protection: a page (or a server) that hands
// in another encrypted message of the person's gets a refusal and not a word of it. Key and passphrase are in no answer and in no error.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readKeyChallenge, type KeyChallenge } from '#lib/core/key-challenge.ts';
import { decryptChallenge } from '#lib/pgp/decrypt-challenge.ts';
import { bytesOf, type PrivateKeyInput } from './private-key-input.ts';
import { plain, type PlainRefusal } from './read-key.ts';

/** What stands on the page beside the button. */
export type ShownChallenge = { index: string; account: string; key: string };

export type OpeningRequest = {
  shown: ShownChallenge;
  /** The encrypted message, armored or binary. */
  message: string;
  privateKey: PrivateKeyInput;
  passphrase: string;
  /** Milliseconds; only for the dates inside the key. */
  now: number;
};

export type OpeningAnswer = { token: string; refusal?: undefined } | { token?: undefined; refusal: PlainRefusal };

/** Opens one message, or says why not. Rejects only by a fault of ours, which then says nothing of key, passphrase or content. */
export async function openOnce(request: OpeningRequest): Promise<OpeningAnswer> {
  try {
    const { shown, passphrase, now } = request;
    const message = new TextEncoder().encode(request.message);
    const privateKey = await bytesOf(request.privateKey);
    const opened = await decryptChallenge({ privateKey, passphrase, message, at: now });
    if (opened.fingerprint !== shown.key)
      throw refuse('signing.foreign-key', { key: opened.fingerprint, expected: [shown.key] });
    return { token: requireOurs(readChallenge(opened.bytes), shown).token };
  } catch (fault) {
    if (isRefusal(fault)) return { refusal: plain(fault) };
    throw fault;
  }
}

function readChallenge(bytes: Uint8Array): KeyChallenge {
  try {
    return readKeyChallenge(bytes);
  } catch (fault) {
    // Without its cause: that one would quote the message.
    if (isRefusal(fault)) throw refuse('challenge.not-ours', { what: 'it is another kind of message' });
    throw fault;
  }
}

function requireOurs(challenge: KeyChallenge, shown: ShownChallenge): KeyChallenge {
  for (const what of ['index', 'account', 'key'] as const)
    if (challenge[what] !== shown[what]) throw refuse('challenge.not-ours', { what: `it names another ${what}` });
  return challenge;
}
