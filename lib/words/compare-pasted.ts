// What somebody pasted beside the fingerprint that a page shows: hex in any spelling, or the words that were read to them. Hostile text;
// nothing is trusted of it. One reader for the answer on a page and for the command that confirms a person by it.
import { compareFingerprints, type Comparison } from '#lib/core/fingerprint.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { readFingerprintWords } from './fingerprint-words.ts';

/**
 * Whether the pasted text is this fingerprint, and if not, where it differs.
 * @throws `fingerprint.unreadable`, `fingerprint.too-short`, `fingerprint.not-full`, `fingerprint.wrong-words`
 */
export function comparePasted(expected: Fingerprint, pasted: string): Comparison {
  const isWords = /[g-z]/i.test(pasted) && /^[a-z]+(?:\s+[a-z]+){5,}$/i.test(pasted.trim());
  return compareFingerprints(expected, isWords ? readFingerprintWords(pasted) : pasted);
}
