// Two copies of one certificate become one: merged, never replaced, so that an older copy cannot take a revocation away and an
// export without self-signatures cannot take a user id away (threats.md, 33). A revocation is merged whatever else there is.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { examine, type Examined } from './certificate-facts.ts';
import { mergeParts, type Parts } from './certificate-parts.ts';
import { certificateOf, readAllParts, type Certificate } from './read-certificate.ts';
import { types } from './self-signatures.ts';

/**
 * The union of a stored certificate and a copy of it that readCertificate cleaned. Refuses `key.merge-other` where the copy is another key's, else as
 * readCertificate does. Where both together are too much, the copy's revocation of the key alone is taken over.
 */
export async function mergeCertificates(stored: Uint8Array, copy: Uint8Array): Promise<Certificate> {
  const [known, given] = [readAllParts(stored)[0], readAllParts(copy)[0]];
  if (!known || !given) throw refuse('key.unreadable', {});
  const { facts } = await examine(given);
  try {
    return await mergeParted(known, given, facts);
  } catch (fault) {
    // Else whoever stole a key could stuff its certificate until its owner's revocation found no room.
    const isFull = isRefusal(fault) && (fault.code === 'key.too-large' || fault.code === 'key.too-complex');
    if (!isFull || !facts.revocation) throw fault;
    return await mergeParted(known, revocationsOf(given), facts);
  }
}

async function mergeParted(known: Parts, given: Parts, { primary }: Examined['facts']): Promise<Certificate> {
  const merged = await examine(mergeParts(known, given));
  if (primary !== merged.facts.primary)
    throw refuse('key.merge-other', { known: merged.facts.primary, given: primary });
  return certificateOf(merged);
}

function revocationsOf({ primary }: Parts): Parts {
  const wanted: readonly number[] = types.keyRevocation;
  const signatures = primary.signatures.filter((body) => wanted.includes(body[1] ?? -1));
  return { primary: { ...primary, signatures }, userIds: [], subkeys: [] };
}
