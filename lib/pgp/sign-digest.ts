// A signature over a file of any size, from the file's hash alone: the file is read once, elsewhere, and is never here (performance.md, 3.2). The
// library signs only data that it hashes itself; its packet is handed the digest instead. Opened keys only; the secret stays in the packet.
// Refuses keys for which that cannot be right: version 6 hashes a salt before the file, and some curves ask for a longer digest than SHA-256.
import { concatBytes } from '#lib/core/bytes.ts';
import { config, enums, SignaturePacket, type SecretKeyPacket, type SecretSubkeyPacket } from 'openpgp';
import { refuse } from '#lib/core/errors.ts';
import { readFingerprint } from '#lib/core/ids.ts';
import { algorithmName, canSignSha256 } from './algorithms.ts';
import { renderArmor } from './armor.ts';
import { framePacket, renderNumber, tags } from './packets.ts';

/** Gives the SHA-256 over the file and then these octets. */
export type DigestWithTail = (tail: Uint8Array) => Uint8Array;

/**
 * A detached version 4 signature of type 0x00 by SHA-256, armored. Refuses `private-key.needs-file` for keys of version 6, of Ed448, and of
 * curves above 256 bits.
 */
export async function makeDigestSignature(
  keyPacket: SecretKeyPacket | SecretSubkeyPacket,
  digestWith: DigestWithTail,
  at: number,
): Promise<string> {
  const key = readFingerprint(keyPacket.getFingerprint().toUpperCase());
  if (!canSignSha256(keyPacket)) throw refuse('private-key.needs-file', { key, algorithm: algorithmName(keyPacket) });
  const packet: HashedPacket = new SignaturePacket();
  packet.signatureType = enums.signature.binary;
  packet.publicKeyAlgorithm = keyPacket.algorithm;
  packet.hashAlgorithm = enums.hash.sha256;
  // Where the library would put the data together and hash it, it gets the digest; without data it signs that, for every algorithm.
  packet.toHash = () => null;
  packet.hash = async () => digestWith(tailOf(packet.signatureData ?? new Uint8Array(0)));
  await packet.sign(keyPacket, new Uint8Array(0), new Date(at), true, config);
  return renderArmor('SIGNATURE', framePacket(tags.signature, packet.write()));
}

/** What the library's packet has beside what its types say. */
type HashedPacket = Omit<SignaturePacket, 'sign' | 'write'> & {
  toHash?: () => null;
  hash?: () => Promise<Uint8Array>;
  sign: (...wanted: [...Parameters<SignaturePacket['sign']>, typeof config]) => Promise<void>;
  write: () => Uint8Array;
};

/** The octets behind the data in the hash: RFC 9580, 5.2.4. */
const tailOf = (signedPart: Uint8Array): Uint8Array =>
  concatBytes([signedPart, Uint8Array.of(4, 0xff), renderNumber(signedPart.length, 4)]);
