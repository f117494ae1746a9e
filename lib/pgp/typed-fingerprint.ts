// A fingerprint as people type, paste and copy it: with spaces, in small letters, behind 0x. Only full ones are taken: eight or sixteen
// digits of a fingerprint can be made to fit another key, so a short form is refused by name and never looked up.
import { refuse } from '#lib/core/errors.ts';
import { readFingerprint, type Fingerprint } from '#lib/core/ids.ts';

/** The fingerprint in its one spelling. Refuses `key.short-id` and `input.not-a`. */
export function readTypedFingerprint(typed: string): Fingerprint {
  const digits = typed
    .slice(0, 200)
    .replace(/[\s:]+/g, '')
    .replace(/^0x/i, '')
    .toUpperCase();
  if (/^(?:[0-9A-F]{8}|[0-9A-F]{16})$/.test(digits)) throw refuse('key.short-id', { id: digits });
  return readFingerprint(digits);
}
