// A revocation certificate alone: the one signature packet with which a key ends itself, as `gpg --gen-revoke` writes it (a bare
// signature in a PUBLIC KEY BLOCK, or the packet in a file). It names its key by hints only, so it is tried on the key for which it
// is meant; what that key did not make is refused, else anybody could end anybody's key (threats.md, 17).
import { refuse } from '#lib/core/errors.ts';
import { asText, readArmor } from './armor.ts';
import { examine } from './certificate-facts.ts';
import { splitPackets, tags, type RawPacket } from './packets.ts';
import { certificateOf, certificateLimits, readAllParts, type Certificate } from './read-certificate.ts';
import { recognise } from './recognise.ts';
import { types } from './self-signatures.ts';
import { isDefect, readSignature } from './signature-packet.ts';

/** The body of a revocation's one signature packet. */
export type RevocationPacket = { body: Uint8Array };

/**
 * The revocation of a whole key that a file holds and nothing else; null where the file is something else (a certificate, a signature over a
 * document). Hostile bytes; never throws. Whether it is genuine is applyRevocation's answer.
 */
export function readRevocation(foreignBytes: Uint8Array): RevocationPacket | null {
  const packet = onlyPacket(foreignBytes);
  if (packet?.tag !== tags.signature) return null;
  const read = readSignature(packet.body);
  return !isDefect(read) && types.keyRevocation.some((type) => type === read.type) ? { body: packet.body } : null;
}

/** The one packet of a file, or of its one block; null where there are more, or none. */
function onlyPacket(foreignBytes: Uint8Array): RawPacket | null {
  if (foreignBytes.length > certificateLimits.rawBytesMax) return null;
  const kind = recognise(foreignBytes);
  if (kind !== 'revocation' && kind !== 'signature') return null;
  const [block, ...blocks] = readArmor(asText(foreignBytes));
  const bytes = block ? block.bytes : foreignBytes;
  const { packets, complete } = splitPackets(bytes ?? new Uint8Array(0));
  return complete && blocks.length === 0 && packets.length === 1 ? (packets[0] ?? null) : null;
}

/**
 * The stored certificate with the revocation in it; null where the key did not make it (forged, or another key's). RFC 9580, 5.2.1.11.
 * Refuses what is no certificate, and one that grew too large, as readCertificate does.
 */
export async function applyRevocation(stored: Uint8Array, { body }: RevocationPacket): Promise<Certificate | null> {
  const [parts] = readAllParts(stored);
  if (!parts) throw refuse('key.unreadable', {});
  const { primary } = parts;
  const alone = await examine({ primary: { ...primary, signatures: [body] }, userIds: [], subkeys: [] });
  if (alone.facts.revocation === null) return null;
  return certificateOf(await examine({ ...parts, primary: { ...primary, signatures: [...primary.signatures, body] } }));
}
