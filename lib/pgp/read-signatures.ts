// Detached signatures as people hand them in: armored or binary, several blocks one after the other, several packets in one block.
// Every packet comes out, none is lost silently; what is wrong with one packet is a finding later (check-signatures.ts). Refuses
// files that are something else, each kind with its own sentence, and anything over the limits.
import { refuse, type Refusal } from '#lib/core/errors.ts';
import type { Sha256 } from '#lib/core/ids.ts';
import { asText, packetBytes, readArmor } from './armor.ts';
import { sha256Of } from './open-certificate.ts';
import { framePacket, splitPackets, tags, type RawPacket } from './packets.ts';
import { kindWords, recognise, type FileKind } from './recognise.ts';
import { identityOf, withoutExtras } from './signature-packet.ts';

/**
 * One signature packet. `bytes`: the packet in its new-format frame, without unhashed extras. `sha256` names the signature itself: a copy
 * that somebody changed where the signature does not hold it (frame, unhashed area, number padding) has the same one.
 */
export type SignaturePacket = { bytes: Uint8Array; sha256: Sha256 };

export type SignatureLimits = { bytesMax: number; packetsMax: number };

/** One upload. */
export const signatureLimits: SignatureLimits = { bytesMax: 64 * 1024, packetsMax: 16 };

/** The merged block of a document: everybody whom a policy may name. */
export const mergedLimits: SignatureLimits = { bytesMax: 1024 * 1024, packetsMax: 1000 };

/** All signature packets of a foreign file, in its order, each once. Refuses `signature.…` for anything else. */
export async function readSignatures(foreignBytes: Uint8Array, limits = signatureLimits): Promise<SignaturePacket[]> {
  if (foreignBytes.length > limits.bytesMax) throw refuseLarge(foreignBytes, limits.bytesMax);
  const kind = recognise(foreignBytes);
  if (kind !== 'signature') throw refuseKind(kind);
  const packets = readPackets(foreignBytes);
  if (packets.length > limits.packetsMax) throw refuse('signature.too-many', { most: limits.packetsMax });
  const found = new Map<Sha256, SignaturePacket>();
  for (const { tag, body } of packets) {
    const sha256 = await sha256Of(identityOf(body));
    if (!found.has(sha256)) found.set(sha256, { bytes: framePacket(tag, withoutExtras(body)), sha256 });
  }
  return [...found.values()];
}

/** The body of a packet that readSignatures made (or that was stored as it made it). */
export function signatureBody({ bytes }: Pick<SignaturePacket, 'bytes'>): Uint8Array {
  const [packet] = splitPackets(bytes).packets;
  return packet?.tag === tags.signature ? packet.body : new Uint8Array(0);
}

function readPackets(foreignBytes: Uint8Array): RawPacket[] {
  const blocks = readArmor(asText(foreignBytes));
  if (blocks.some(({ label }) => label !== 'SIGNATURE')) throw refuse('signature.unreadable', {});
  const { packets, complete } = splitPackets(packetBytes(foreignBytes) ?? new Uint8Array(0));
  // Markers, padding and what RFC 9580, 4.3 calls not critical say nothing.
  const wanted = packets.filter(({ tag }) => tag !== tags.marker && tag !== tags.padding && tag < 40);
  if (!complete || wanted.some(({ tag }) => tag !== tags.signature)) throw refuse('signature.unreadable', {});
  return wanted;
}

/** A large file is mostly the wrong one (the wheel itself); its beginning says which. */
function refuseLarge(foreignBytes: Uint8Array, most: number): Refusal {
  const kind = recognise(foreignBytes.subarray(0, most));
  const isOpenPgp = kind === 'signature' || kind === 'damaged' || kind === 'other';
  return isOpenPgp ? refuse('signature.too-large', { bytes: foreignBytes.length, most }) : refuseKind(kind);
}

function refuseKind(kind: FileKind): Refusal {
  if (kind === 'certificate') return refuse('signature.is-public-key', {});
  if (kind === 'private-key') return refuse('signature.is-private-key', {});
  if (kind === 'revocation') return refuse('signature.is-revocation', {});
  if (kind === 'cleartext') return refuse('signature.is-clearsigned', {});
  if (kind === 'message') return refuse('signature.is-inline', {});
  if (kind === 'utf-16') return refuse('signature.utf-16', {});
  if (kind === 'damaged') return refuse('signature.unreadable', {});
  return refuse('signature.is-other', { looksLike: kindWords[kind] });
}
