// Two copies of one certificate become one: merged, never replaced, so that an older copy cannot take a revocation away and an
// export without self-signatures cannot take a user id away (threats.md, 33).
import { refuse } from '#lib/core/errors.ts';
import { examine } from './certificate-facts.ts';
import { mergeParts } from './certificate-parts.ts';
import { certificateOf, readAllParts, type Certificate } from './read-certificate.ts';

/**
 * The union of a stored certificate and a copy of it that readCertificate cleaned. Refuses `key.merge-other` where the copy is another key's, else as
 * readCertificate does.
 */
export async function mergeCertificates(stored: Uint8Array, copy: Uint8Array): Promise<Certificate> {
  const [known, given] = [readAllParts(stored)[0], readAllParts(copy)[0]];
  if (!known || !given) throw refuse('key.unreadable', {});
  const merged = await examine(mergeParts(known, given));
  const other = (await examine(given)).facts.primary;
  if (other !== merged.facts.primary) throw refuse('key.merge-other', { known: merged.facts.primary, given: other });
  return certificateOf(merged);
}
