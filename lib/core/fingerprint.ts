// Comparing fingerprints: people look at two rows of hex and see what they expect, so the machine compares. Pure; what is pasted is
// hostile and may come in any spelling that tools print (spaces, colons, lower case, `0x`, `OPENPGP4FPR:`).
// Refuses a shortened fingerprint: anybody can make a key that has the same last 8 or 16 digits.
import { refuse } from './errors.ts';
import type { Fingerprint } from './ids.ts';

/** One group of four digits of both, and whether they are the same. */
export type ComparedGroup = { expected: string; pasted: string; same: boolean };

export type Comparison =
  { kind: 'match' } | { kind: 'differs'; groups: ComparedGroup[] } | { kind: 'other-length'; pasted: number };

const pastedCharactersMax = 300;

/** The groups of four in which a fingerprint is shown, read and compared. */
export function groupsOfFour(hex: string): string[] {
  return hex.match(/.{1,4}/g) ?? [];
}

/** A fingerprint as people write it: groups of four with spaces between. For copying into a mail, never for comparing. */
export const renderGrouped = (fingerprint: Fingerprint): string => groupsOfFour(fingerprint).join(' ');

/**
 * The full fingerprint in a hostile text, in upper case without separators.
 * @throws `fingerprint.unreadable` for what is no hex, `fingerprint.too-short` for a key id, `fingerprint.not-full` for any other length
 */
export function readPastedFingerprint(pasted: string): Fingerprint {
  const text = pasted.slice(0, pastedCharactersMax + 1).trim();
  const digits = text.replace(/^(?:openpgp4fpr:|0x)/i, '').replace(/[\s:\-.\u00a0]/g, '');
  const isHex = /^[0-9a-f]+$/i.test(digits);
  if (!isHex || text.length > pastedCharactersMax) throw refuse('fingerprint.unreadable', {});
  if (digits.length <= 32) throw refuse('fingerprint.too-short', { digits: digits.length });
  if (digits.length !== 40 && digits.length !== 64) throw refuse('fingerprint.not-full', { digits: digits.length });
  return digits.toUpperCase() as Fingerprint;
}

/**
 * Whether the pasted text is this fingerprint, and if not, which groups differ.
 * @throws as `readPastedFingerprint`
 */
export function compareFingerprints(expected: Fingerprint, pasted: string): Comparison {
  const given = readPastedFingerprint(pasted);
  if (given === expected) return { kind: 'match' };
  if (given.length !== expected.length) return { kind: 'other-length', pasted: given.length };
  const theirs = groupsOfFour(given);
  const groups = groupsOfFour(expected).map((group, at) => {
    const other = theirs[at] ?? '';
    return { expected: group, pasted: other, same: group === other };
  });
  return { kind: 'differs', groups };
}
