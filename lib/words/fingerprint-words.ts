// A fingerprint as words to read aloud: 11 bits a word from the English list of BIP-39, the last word holding the checksum, so that one
// word heard wrongly is found. 15 words for 40 hex digits, 24 for 64. Public like the fingerprint itself; hex stays what counts.
// A room of its own because lib/core imports nothing, and the list is a library's.
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { refuse } from '#lib/core/errors.ts';
import { readFingerprint, type Fingerprint } from '#lib/core/ids.ts';

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hexOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The words of a fingerprint: BIP-39 over its 20 or 32 bytes, checksum included. */
export function fingerprintWords(fingerprint: Fingerprint): string[] {
  return entropyToMnemonic(bytesOf(fingerprint), wordlist).split(' ');
}

/**
 * The fingerprint of words that somebody heard. Hostile input.
 * @throws `fingerprint.wrong-words` where a word is not in the list, one is missing, or the checksum word does not fit
 */
export function readFingerprintWords(heard: string): Fingerprint {
  const words = heard.slice(0, 500).trim().toLowerCase().split(/\s+/);
  try {
    return readFingerprint(hexOf(mnemonicToEntropy(words.join(' '), wordlist)).toUpperCase());
  } catch (fault) {
    throw refuse('fingerprint.wrong-words', {}, fault);
  }
}
