// A key that no script can read, as an OpenPGP signer: the secret is a non-extractable WebCrypto Ed25519 key, and what stands around it, a
// version 4 certificate of algorithm 22 and its signatures, is laid out here octet by octet, since no library signs with a key it cannot hold.
// Pure functions: keys and times come in, bytes go out; nothing is stored, fetched or asked. They run the same in Node, page and worker.
// Refuses only a name that does not fit on one line; what the octets are worth is decided by lib/pgp, like for everybody's keys.
import { concatBytes } from '#lib/core/bytes.ts';
import type { DigestRequest } from '#lib/core/digest.ts';
import { readLine } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import { readFingerprint, type Fingerprint } from '#lib/core/ids.ts';
import { renderArmor } from '#lib/pgp/armor.ts';
import { framePacket, renderHex, renderLength, renderNumber, splitPackets, tags } from '#lib/pgp/packets.ts';

/** What signs. `privateKey` is a handle: it can be asked to sign, and never be read. */
export type DeviceKey = { fingerprint: Fingerprint; privateKey: CryptoKey };

export type DeviceCertificate = { key: DeviceKey; userId: string; armored: string; bytes: Uint8Array };

// RFC 9580: 9.1 (EdDSALegacy), 9.5 (hash algorithms), 5.2.1 (signature types).
const eddsa = 22;
const hashes = { sha256: 8, sha384: 9, sha512: 10 } as const;
const types = { binary: 0x00, certification: 0x13, keyRevocation: 0x20 } as const;
// RFC 9580, 9.2: the curve Ed25519Legacy, 1.3.6.1.4.1.11591.15.1, behind its length.
const curve = Uint8Array.of(0x09, 0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01);

/** A multiprecision number: RFC 9580, 3.2. Leading zero octets are cut off and the bits counted. */
function renderMpi(octets: Uint8Array): Uint8Array {
  const start = octets.findIndex((octet) => octet !== 0);
  const value = start < 0 ? new Uint8Array(0) : octets.subarray(start);
  const bits = value.length === 0 ? 0 : value.length * 8 - Math.clz32(value[0] ?? 0) + 24;
  return concatBytes([renderNumber(bits, 2), value]);
}

/** A subpacket: RFC 9580, 5.2.3.7. */
function subpacket(type: number, ...octets: number[]): Uint8Array {
  return concatBytes([renderLength(octets.length + 1), Uint8Array.of(type, ...octets)]);
}

/** The body of the public key packet: RFC 9580, 5.5.2.2 and 5.5.5.5 (a point in the native form, marked by 0x40). */
function keyBody(point: Uint8Array, made: number): Uint8Array {
  const number = renderMpi(concatBytes([Uint8Array.of(0x40), point]));
  return concatBytes([Uint8Array.of(4), seconds(made), Uint8Array.of(eddsa), curve, number]);
}

const seconds = (time: number): Uint8Array => renderNumber(Math.floor(time / 1000), 4);

/** What is hashed of the key, for its fingerprint and its certifications: RFC 9580, 5.2.4 and 5.5.4.2. */
const hashedKey = (body: Uint8Array): Uint8Array =>
  concatBytes([Uint8Array.of(0x99), renderNumber(body.length, 2), body]);

/** A signature before it is made: the part of the packet that is hashed, and the octets that follow the data in the hash. */
export type SignatureTail = { signedPart: Uint8Array; suffix: Uint8Array };

/** RFC 9580, 5.2.3 (version 4) and the trailer of 5.2.4. Every signature names its key (33) and its moment (2). */
function tailOf(key: Fingerprint, type: number, made: number, more: Uint8Array[]): SignatureTail {
  const named = subpacket(33, 4, ...octetsOf(key));
  const hashed = concatBytes([named, subpacket(2, ...seconds(made)), ...more]);
  const head = Uint8Array.of(4, type, eddsa, hashes.sha256);
  const signedPart = concatBytes([head, renderNumber(hashed.length, 2), hashed]);
  return { signedPart, suffix: concatBytes([signedPart, Uint8Array.of(4, 0xff), renderNumber(signedPart.length, 4)]) };
}

/** The packet, once the digest is known: RFC 9580, 5.2.3 and 5.2.3.3. R and S are the halves of what WebCrypto gives, as they are. */
async function finish(key: DeviceKey, { signedPart }: SignatureTail, digest: Uint8Array): Promise<Uint8Array> {
  const made = new Uint8Array(await crypto.subtle.sign('Ed25519', key.privateKey, Uint8Array.from(digest)));
  const issuer = subpacket(16, ...octetsOf(key.fingerprint).subarray(-8));
  const unhashed = concatBytes([renderNumber(issuer.length, 2), issuer]);
  const numbers = [renderMpi(made.subarray(0, 32)), renderMpi(made.subarray(32))];
  return framePacket(tags.signature, concatBytes([signedPart, unhashed, digest.subarray(0, 2), ...numbers]));
}

/** What a signature over a file will say at `made`, as a wish to whoever hashes the file: the digest over the file, then `suffix`. */
export function askDigest(key: Fingerprint, made: number): DigestRequest {
  return { algorithm: 'sha256', salt: null, suffix: tailOf(key, types.binary, made, []).suffix };
}

/** A detached signature of type 0x00, armored, out of the digest that `askDigest` with the same key and moment asked for. */
export async function signDigest(key: DeviceKey, made: number, digest: Uint8Array): Promise<string> {
  return renderArmor('SIGNATURE', await finish(key, tailOf(key.fingerprint, types.binary, made, []), digest));
}

/** The same over bytes that are at hand. */
export async function signWithDevice(key: DeviceKey, bytes: Uint8Array, made: number): Promise<string> {
  return signDigest(key, made, await hash('SHA-256', [bytes, askDigest(key.fingerprint, made).suffix]));
}

/**
 * A new key with its certificate: one user id, certified by the key itself to certify and sign (RFC 9580, 5.2.3.29), no subkey, no end.
 * Refuses `input.not-a` for a name that is empty or does not fit on a line, `device.not-here` where the browser has no Ed25519.
 */
export async function makeDeviceKey(name: string, made: number): Promise<DeviceCertificate> {
  const userId = readUserId(name);
  const pair = await makePair();
  const body = keyBody(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)), made);
  const fingerprint = readFingerprint(renderHex(await hash('SHA-1', [hashedKey(body)])));
  const key = { fingerprint, privateKey: pair.privateKey };
  const bytes = concatBytes([framePacket(tags.publicKey, body), ...(await certify(key, body, userId, made))]);
  return { key, userId, bytes, armored: renderArmor('PUBLIC KEY BLOCK', bytes) };
}

/** The body of the key's own packet in its certificate. Refuses `signing.foreign-key` where that is another key's. */
async function bodyIn(certificate: Uint8Array, key: Fingerprint): Promise<Uint8Array> {
  const body = splitPackets(certificate).packets[0]?.body ?? new Uint8Array(0);
  const named = renderHex(await hash('SHA-1', [hashedKey(body)]));
  if (named !== key) throw refuse('signing.foreign-key', { key: named, expected: [key] });
  return body;
}

/** Why a key ends, as in RFC 9580, 5.2.3.31: a number, and words for people. */
export type RevocationWords = { flag: number; words: string };

/** The key ends itself: the bare revocation (RFC 9580, 5.2.1.11), armored as `gpg --gen-revoke` writes it. `certificate` is binary. */
export async function revokeDevice(
  key: DeviceKey,
  certificate: Uint8Array,
  { flag, words }: RevocationWords,
  made: number,
): Promise<string> {
  const body = await bodyIn(certificate, key.fingerprint);
  const reason = subpacket(29, flag, ...new TextEncoder().encode(words));
  const tail = tailOf(key.fingerprint, types.keyRevocation, made, [reason]);
  const digest = await hash('SHA-256', [hashedKey(body), tail.suffix]);
  return renderArmor('PUBLIC KEY BLOCK', await finish(key, tail, digest));
}

/** The user id and the key's own certification of it (type 0x13), preferring SHA-256, 384 and 512, with feature 1 (5.2.3.32). */
async function certify(key: DeviceKey, body: Uint8Array, userId: string, made: number): Promise<Uint8Array[]> {
  const name = new TextEncoder().encode(userId);
  const preferred = subpacket(21, hashes.sha256, hashes.sha384, hashes.sha512);
  const tail = tailOf(key.fingerprint, types.certification, made, [
    subpacket(27, 0x03),
    preferred,
    subpacket(30, 0x01),
  ]);
  const hashed = [hashedKey(body), Uint8Array.of(0xb4), renderNumber(name.length, 4), name, tail.suffix];
  return [framePacket(tags.userId, name), await finish(key, tail, await hash('SHA-256', hashed))];
}

/** Whether this browser can make such a key here and now. */
export const canMakeDeviceKeys = (): Promise<boolean> =>
  makePair().then(
    () => true,
    () => false,
  );

async function makePair(): Promise<CryptoKeyPair> {
  try {
    // `false`: neither this nor any other script ever gets the secret out again.
    return (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
  } catch (fault) {
    throw refuse('device.not-here', {}, fault);
  }
}

function readUserId(claimed: string): string {
  const name = readLine(claimed.trim(), 'a name for the key (one line of at most 100 characters)', 100);
  if (name === '') throw refuse('input.missing', { field: 'a name for the key' });
  return name;
}

async function hash(algorithm: 'SHA-1' | 'SHA-256', parts: Uint8Array[]): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(algorithm, Uint8Array.from(concatBytes(parts))));
}

const octetsOf = (key: Fingerprint): Uint8Array =>
  Uint8Array.from(key.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16));
