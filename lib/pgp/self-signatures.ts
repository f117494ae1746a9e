// Which signatures inside a certificate are genuine: made by the right key over the right thing, strong, and understood. Each is
// verified by the library at the moment it claims to be made, so that an expired key still yields its facts; when it ends is
// judged later, by core. Trusts no packet; what does not verify is as if it were not there (a forged revocation too). Verifications
// cost, so a certificate has a budget of them and one that exceeds it is refused.
import { sameBytes } from '#lib/core/bytes.ts';
import { type enums, PublicKeyPacket, PublicSubkeyPacket, UserIDPacket } from 'openpgp';
import { refuse } from '#lib/core/errors.ts';
import { hashOf, type KeyPacket } from './algorithms.ts';
import { tags } from './packets.ts';
import type { Part } from './certificate-parts.ts';
import { isDefect, mayBeBy, readSignature, type ReadSignature } from './signature-packet.ts';

/** A genuine signature with the body it was read from. */
export type Genuine = { body: Uint8Array; read: ReadSignature };

/** Counts verifications, and remembers whether a self-signature was passed over because its digest is weak. */
export type Budget = { left: number; weakHash: string | null; at: number };

export const verificationsMax = 150;

/** RFC 9580, 5.2.1: the types inside a certificate. */
export const types = {
  certifications: [0x10, 0x11, 0x12, 0x13],
  subkeyBinding: [0x18],
  backSignature: 0x19,
  directKey: [0x1f],
  keyRevocation: [0x20],
  subkeyRevocation: [0x28],
  userIdRevocation: [0x30],
} as const;

/** What a signature is over: the library hashes key, user id or subkey from it. */
export type Over = { key: KeyPacket; userID?: UserIDPacket; bind?: KeyPacket };

/** A key packet of the library; null where it is unknown, damaged or not in its one spelling (trailing octets, padded numbers). */
export async function readKeyPacket(part: Part): Promise<KeyPacket | null> {
  const packet = part.tag === tags.publicKey ? new PublicKeyPacket() : new PublicSubkeyPacket();
  try {
    await packet.read(part.body);
    return sameBytes(packet.write(), part.body) ? packet : null;
  } catch {
    // Unknown versions, algorithms and curves: the part is as if it were not there.
    return null;
  }
}

/** The user id of a part as the library hashes it; null where it is no UTF-8 text or too long. */
export function readUserId(part: Part): UserIDPacket | null {
  const packet = new UserIDPacket();
  try {
    packet.read(part.body);
    return sameBytes(packet.write(), part.body) ? packet : null;
  } catch {
    return null;
  }
}

/** The newest genuine self-signature of these types, or null. Weak digests and unknown critical parts void one. */
export async function newestGenuine(
  part: Part,
  wanted: readonly number[],
  over: Over,
  budget: Budget,
): Promise<Genuine | null> {
  const candidates = readAll(part, wanted, over.key)
    .filter(({ read }) => isStrong(read, budget) && read.made <= budget.at)
    .sort((one, other) => other.read.made - one.read.made);
  for (const candidate of candidates) if (await isGenuine(candidate.read, over.key, over, budget)) return candidate;
  return null;
}

/** The signature itself and, in the same part, its copies: the same but where a signature does not hold itself. */
export function copiesOf(part: Part, { body, read }: Genuine): Genuine[] {
  const copies = part.signatures.flatMap((other) => {
    const again = other === body || other[1] !== read.type ? null : readSignature(other);
    if (!again || isDefect(again) || !sameBytes(again.signedPart, read.signedPart)) return [];
    return [{ body: other, read: again }];
  });
  return [{ body, read }, ...copies];
}

/** All genuine revocations of these types. A weak digest does not save a key from its own revocation (MD5 does). */
export async function genuineRevocations(
  part: Part,
  wanted: readonly number[],
  over: Over,
  budget: Budget,
): Promise<Genuine[]> {
  const found: Genuine[] = [];
  for (const candidate of readAll(part, wanted, over.key))
    if (await isGenuine(candidate.read, over.key, over, budget)) found.push(candidate);
  return found;
}

/** The back-signature inside a subkey's binding (RFC 9580, 5.2.1.9): the subkey says that it belongs to this primary. */
export async function genuineBackSignature(
  binding: ReadSignature,
  over: Required<Pick<Over, 'key' | 'bind'>>,
  budget: Budget,
): Promise<ReadSignature | null> {
  // Anybody can put another one beside it, where the binding does not hold it: the genuine one counts.
  for (const body of binding.embedded) {
    const read = readSignature(body);
    if (isDefect(read) || read.type !== types.backSignature || !isStrong(read, budget)) continue;
    if (await isGenuine(read, over.bind, over, budget)) return read;
  }
  return null;
}

function readAll(part: Part, wanted: readonly number[], signer: KeyPacket): Genuine[] {
  const fingerprint = signer.getFingerprint().toUpperCase();
  return part.signatures.flatMap((body) => {
    if (!wanted.includes(body[1] ?? -1)) return [];
    const read = readSignature(body);
    return isDefect(read) || !mayBeBy(read, fingerprint) ? [] : [{ body, read }];
  });
}

function isStrong(read: ReadSignature, budget: Budget): boolean {
  const { digest, name } = hashOf(read.hash);
  if (digest === null) budget.weakHash = name;
  return digest !== null && !read.unknownCritical;
}

async function isGenuine(read: ReadSignature, signer: KeyPacket, over: Over, budget: Budget): Promise<boolean> {
  const { packet, version, type, made } = read;
  const oldest = Math.max(signer.getCreationTime().getTime(), over.bind?.getCreationTime().getTime() ?? 0);
  if (version !== signer.version || made < oldest) return false;
  if (budget.left === 0) throw refuse('key.too-complex', { most: verificationsMax });
  budget.left -= 1;
  try {
    // Issuer fields may say anything; the key decides. The moment is the signature's own.
    packet.issuerKeyID = signer.getKeyID();
    await packet.verify(signer, type as enums.signature, over, new Date(made));
    return true;
  } catch {
    // Not made by this key over this: as if it were not there.
    return false;
  }
}
