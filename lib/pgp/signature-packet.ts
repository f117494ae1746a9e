// One signature packet, read strictly (RFC 9580, 5.2). The library parses it; what the library lets pass is looked at here again:
// subpackets that run over their area, a creation time that is not hashed, critical parts nobody knows. Nothing in the unhashed area
// is believed, it only helps to find keys. What comes out is data or the defect, never an exception.
import { concatBytes, sameBytes } from '#lib/core/bytes.ts';
import { enums, SignaturePacket as LibrarySignature } from 'openpgp';
import type { Defect } from '#lib/core/reason.ts';
import { hashOf } from './algorithms.ts';
import { readNumber, renderHex, renderLength, renderNumber } from './packets.ts';

type Subpacket = { type: number; critical: boolean; body: Uint8Array };

/** The two areas of a packet and where they end. */
type Areas = { hashed: Subpacket[]; unhashed: Subpacket[]; hashedEnd: number; unhashedEnd: number };

/** A readable signature. `claims` are the key ids and fingerprints that it names: hints for finding keys, nothing more. */
export type ReadSignature = {
  packet: LibrarySignature;
  version: 4 | 6;
  type: number;
  hash: number;
  made: number;
  expires: number | null;
  /** Milliseconds for which a self-signature gives life to its key, from the key's creation; null: for ever. */
  lasts: number | null;
  /** The bodies of signatures inside it (back-signatures), from either area. */
  embedded: Uint8Array[];
  claims: string[];
  salt: Uint8Array | null;
  /** What goes into the hash behind the data: the packet up to the end of the hashed area. */
  signedPart: Uint8Array;
  /** A critical subpacket or notation in the hashed area that we do not know voids it. */
  unknownCritical: boolean;
};

// RFC 9580, 5.2.3.7.
const sub = {
  made: 2,
  ends: 3,
  keyEnds: 9,
  issuerKeyId: 16,
  notation: 20,
  embeddedSignature: 32,
  issuerFingerprint: 33,
} as const;
// Kept of an unhashed area: what finds the key, and in the binding of a subkey its back-signature.
const keptUnhashed: readonly number[] = [sub.issuerKeyId, sub.issuerFingerprint];
const keptInBinding: readonly number[] = [...keptUnhashed, sub.embeddedSignature];
// What we and the library understand where it is critical. A notation is understood when its name is, and we know none; a
// designated revoker (12) is understood by nobody here.
const knownTypes: readonly number[] = [
  2, 3, 4, 5, 6, 7, 9, 11, 16, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 39,
];

/** Reads the body of a signature packet, or says what is wrong with it by itself. Hostile bytes; never throws. */
export function readSignature(body: Uint8Array): ReadSignature | Defect {
  const [version, type, hash] = [readNumber(body, 0, 1), readNumber(body, 1, 1), readNumber(body, 3, 1)];
  if (version !== 4 && version !== 6) return { code: 'unsupported-version', version };
  const areas = readAreas(body, version);
  if (!areas) return { code: 'malformed', why: 'its lengths do not fit' };
  const made = readMade(areas.hashed);
  if (made === null) return { code: 'no-time' };
  if (areas.hashed.some(isCrookedTime)) return { code: 'malformed', why: 'one of its times is not one' };
  const packet = parse(withUnhashed(body, areas, version, []));
  if (!packet) return { code: 'malformed', why: 'it does not end where it should, or its algorithm is unknown' };
  const salt = version === 6 ? readSalt(body, areas.unhashedEnd + 2) : null;
  if (salt && salt.length !== hashOf(hash).salt) return { code: 'malformed', why: 'its salt has the wrong length' };
  return {
    ...{ packet, version, type, hash, made, salt },
    expires: readEnd(areas.hashed, sub.ends, made),
    lasts: readEnd(areas.hashed, sub.keyEnds, 0),
    embedded: [...areas.hashed, ...areas.unhashed].filter(({ type }) => type === sub.embeddedSignature).map(bodyOf),
    claims: [...areas.hashed, ...areas.unhashed].flatMap(claimedIssuer),
    signedPart: body.subarray(0, areas.hashedEnd),
    unknownCritical: areas.hashed.some((part) => part.critical && !knownTypes.includes(part.type)),
  };
}

/** True where the reading failed. */
export const isDefect = (read: ReadSignature | Defect): read is Defect => 'code' in read;

/** The key flags of a self-signature (RFC 9580, 5.2.3.29); null: it has none. */
export const keyFlags = ({ packet }: ReadSignature): number | null => packet.keyFlags && (packet.keyFlags[0] ?? 0);

/** When a key ends by this self-signature: the key's own time or the signature's, whichever is earlier; null: never. */
export function endsKey(signature: ReadSignature, keyCreated: number): number | null {
  const { lasts, expires } = signature;
  const ends = [lasts === null ? null : keyCreated + lasts, expires].filter((end) => end !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}

/** The octets hashed behind the data: RFC 9580, 5.2.4. */
export function hashSuffix({ signedPart, version }: ReadSignature): Uint8Array {
  return concatBytes([signedPart, Uint8Array.of(version, 0xff), renderNumber(signedPart.length, 4)]);
}

/** Whether a signature names this key, or names nobody. */
export function mayBeBy({ claims }: ReadSignature, fingerprint: string): boolean {
  return claims.length === 0 || claims.some((claim) => namesKey(claim, fingerprint));
}

/** Whether a key id or fingerprint belongs to a fingerprint (RFC 9580, 5.5.4: v4 ids are its end, v6 ids its beginning). */
export function namesKey(claim: string, fingerprint: string): boolean {
  if (claim.length !== 16) return claim === fingerprint;
  return fingerprint.length === 64 ? fingerprint.startsWith(claim) : fingerprint.endsWith(claim);
}

/**
 * The packet's body without what anybody could have added to it (free text, pictures, other people's notes) in the unhashed area.
 * Unreadable bodies are left as they are.
 */
export function withoutExtras(body: Uint8Array): Uint8Array {
  const version = body[0] ?? 0;
  const areas = version === 4 || version === 6 ? readAreas(body, version) : null;
  if (!areas) return body;
  const wanted = body[1] === enums.signature.subkeyBinding ? keptInBinding : keptUnhashed;
  const kept = areas.unhashed.filter(({ type }) => wanted.includes(type));
  const whole = withUnhashed(body, areas, version, kept);
  return sameBytes(whole, body) ? body : whole;
}

/** The body with another unhashed area. The library gets an empty one: what anybody can write there must not break its reading. */
function withUnhashed(body: Uint8Array, areas: Areas, version: number, subpackets: readonly Subpacket[]): Uint8Array {
  const unhashed = concatBytes(subpackets.map(renderSubpacket));
  const size = renderNumber(unhashed.length, version === 6 ? 4 : 2);
  return concatBytes([body.subarray(0, areas.hashedEnd), size, unhashed, body.subarray(areas.unhashedEnd)]);
}

/**
 * What makes this packet itself and no other, whoever rewrites its unhashed area, its number padding or (ECDSA) its second number: the
 * hashed part, the salt, the two octets of the digest and the first number of the signature.
 */
export function identityOf(body: Uint8Array): Uint8Array {
  const version = body[0] ?? 0;
  const areas = version === 4 || version === 6 ? readAreas(body, version) : null;
  if (!areas) return body;
  const saltEnd = areas.unhashedEnd + 2 + (version === 6 ? 1 + (body[areas.unhashedEnd + 2] ?? 0) : 0);
  const numbers = body.subarray(saltEnd);
  const isNative = [enums.publicKey.ed25519, enums.publicKey.ed448].includes(body[2] ?? 0);
  const first = isNative ? numbers.subarray(0, numbers.length / 2) : numbers.subarray(2, 2 + mpiLength(numbers));
  const start = first.findIndex((octet) => octet !== 0);
  const [signed, middle] = [body.subarray(0, areas.hashedEnd), body.subarray(areas.unhashedEnd, saltEnd)];
  return concatBytes([signed, middle, start < 0 ? new Uint8Array(0) : first.subarray(start)]);
}

const mpiLength = (numbers: Uint8Array): number => Math.ceil(readNumber(numbers, 0, 2) / 8);

function parse(body: Uint8Array): LibrarySignature | null {
  const packet = new LibrarySignature();
  try {
    packet.read(body);
    return packet;
  } catch {
    // The library's sentences are for developers; that it could not read the packet is all we say.
    return null;
  }
}

function readAreas(body: Uint8Array, version: 4 | 6): Areas | null {
  const octets = version === 6 ? 4 : 2;
  const hashedEnd = 4 + octets + readNumber(body, 4, octets);
  const unhashedEnd = hashedEnd + octets + readNumber(body, hashedEnd, octets);
  if (body.length < unhashedEnd + 2) return null;
  const hashed = readSubpackets(body.subarray(4 + octets, hashedEnd));
  const unhashed = readSubpackets(body.subarray(hashedEnd + octets, unhashedEnd));
  return hashed && unhashed && { hashed, unhashed, hashedEnd, unhashedEnd };
}

function readSubpackets(area: Uint8Array): Subpacket[] | null {
  const found: Subpacket[] = [];
  let at = 0;
  while (at < area.length) {
    const first = area[at] ?? 0;
    const octets = first < 192 ? 1 : first < 255 ? 2 : 5;
    const length = subpacketLength(area, at, octets);
    const start = at + octets;
    if (length < 1 || start + length > area.length) return null;
    const type = area[start] ?? 0;
    found.push({ type: type & 0x7f, critical: type > 0x7f, body: area.subarray(start + 1, start + length) });
    at = start + length;
  }
  return found;
}

function subpacketLength(area: Uint8Array, at: number, octets: number): number {
  if (octets === 1) return area[at] ?? 0;
  if (octets === 2) return readNumber(area, at, 2) - 0xc000 + 192;
  return readNumber(area, at + 1, 4);
}

function renderSubpacket({ type, critical, body }: Subpacket): Uint8Array {
  return concatBytes([renderLength(body.length + 1), Uint8Array.of(type | (critical ? 0x80 : 0)), body]);
}

function claimedIssuer({ type, body }: Subpacket): string[] {
  if (type === sub.issuerKeyId && body.length === 8) return [renderHex(body)].filter((id) => !/^0+$/.test(id));
  if (type === sub.issuerFingerprint && [21, 33].includes(body.length)) return [renderHex(body.subarray(1))];
  return [];
}

const bodyOf = ({ body }: Subpacket): Uint8Array => body;

/** A time of another length than four octets can be read as a moment that no calendar has. */
const isCrookedTime = ({ type, body }: Subpacket): boolean =>
  (type === sub.ends || type === sub.keyEnds) && body.length !== 4;

/** The one creation time of the hashed area; null where there is none, or a choice. */
function readMade(hashed: readonly Subpacket[]): number | null {
  const [time, ...more] = hashed.filter(({ type }) => type === sub.made);
  return time && more.length === 0 && time.body.length === 4 ? readNumber(time.body, 0, 4) * 1000 : null;
}

function readSalt(body: Uint8Array, at: number): Uint8Array {
  return body.subarray(at + 1, at + 1 + (body[at] ?? 0));
}

/** Seconds after `from`, 0 and absence meaning never; the earliest where it is given twice. */
function readEnd(hashed: readonly Subpacket[], type: number, from: number): number | null {
  const seconds = hashed
    .filter((entry) => entry.type === type)
    .map((entry) => readNumber(entry.body, 0, entry.body.length))
    .filter((value) => value > 0);
  return seconds.length === 0 ? null : from + Math.min(...seconds) * 1000;
}
