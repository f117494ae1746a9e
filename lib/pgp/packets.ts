// OpenPGP packet framing (RFC 9580, 4.2) and nothing more: foreign bytes in, packets with their tags out. Trusts nothing: lengths
// are checked against what is there, partial and indeterminate lengths (made for messages, not for keys and signatures) end
// the walk. Knows no library, so that the browser can look at a file before it loads one.
import { concatBytes } from '#lib/core/bytes.ts';

/** One packet as it stands in the file. */
export type RawPacket = { tag: number; body: Uint8Array };

/** RFC 9580, 5: the packet types that are told apart here. */
export const tags = {
  signature: 2,
  secretKey: 5,
  publicKey: 6,
  secretSubkey: 7,
  marker: 10,
  trust: 12,
  userId: 13,
  publicSubkey: 14,
  userAttribute: 17,
  padding: 21,
} as const;

type Header = { tag: number; start: number; length: number };

/** The packets from the start on; `complete` says whether they fill the bytes to the last one. Never throws. */
export function splitPackets(foreignBytes: Uint8Array): { packets: RawPacket[]; complete: boolean } {
  const packets: RawPacket[] = [];
  let at = 0;
  while (at < foreignBytes.length) {
    const header = readHeader(foreignBytes, at);
    if (!header) return { packets, complete: false };
    const end = header.start + header.length;
    if (end > foreignBytes.length) return { packets, complete: false };
    packets.push({ tag: header.tag, body: foreignBytes.subarray(header.start, end) });
    at = end;
  }
  return { packets, complete: packets.length > 0 };
}

/** The tag of the first packet, also where its length is one for streams; null: this is no packet. */
export function firstTag(foreignBytes: Uint8Array): number | null {
  const first = foreignBytes[0] ?? 0;
  if ((first & 0x80) === 0) return null;
  return (first & 0x40) !== 0 ? first & 0x3f : (first & 0x3c) >> 2;
}

/** A packet in the new format with a definite length. */
export function framePacket(tag: number, body: Uint8Array): Uint8Array {
  return concatBytes([Uint8Array.of(0xc0 | tag), renderLength(body.length), body]);
}

/** RFC 9580, 4.2.1: the shortest length octets; subpackets use the same ones. */
export function renderLength(length: number): Uint8Array {
  if (length < 192) return Uint8Array.of(length);
  if (length < 8384) return Uint8Array.of(((length - 192) >> 8) + 192, (length - 192) & 255);
  return concatBytes([Uint8Array.of(255), renderNumber(length, 4)]);
}

/** A whole number as big-endian octets. */
export function renderNumber(value: number, octets: number): Uint8Array {
  return Uint8Array.from({ length: octets }, (_, index) => (value / 256 ** (octets - 1 - index)) & 255);
}

/** Big-endian octets as a whole number; missing octets read as 0 (callers check lengths first). */
export function readNumber(bytes: Uint8Array, at: number, octets: number): number {
  let value = 0;
  for (let index = at; index < at + octets; index += 1) value = value * 256 + (bytes[index] ?? 0);
  return value;
}

/** Upper-case hex, as fingerprints are written. */
export function renderHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

function readHeader(bytes: Uint8Array, at: number): Header | null {
  const first = bytes[at] ?? 0;
  if ((first & 0x80) === 0) return null;
  return (first & 0x40) !== 0 ? readNewHeader(bytes, at, first & 0x3f) : readOldHeader(bytes, at, first);
}

function readNewHeader(bytes: Uint8Array, at: number, tag: number): Header | null {
  const length = readLength(bytes, at + 1);
  return length && { tag, ...length };
}

/** New-format length at a place: null where it is partial or cut off. */
function readLength(bytes: Uint8Array, at: number): { start: number; length: number } | null {
  const first = bytes[at];
  if (first === undefined) return null;
  if (first < 192) return { start: at + 1, length: first };
  if (first < 224) return { start: at + 2, length: ((first - 192) << 8) + (bytes[at + 1] ?? 0) + 192 };
  if (first < 255) return null;
  return { start: at + 5, length: readNumber(bytes, at + 1, 4) };
}

function readOldHeader(bytes: Uint8Array, at: number, first: number): Header | null {
  const octets = [1, 2, 4][first & 3];
  if (octets === undefined || at + 1 + octets > bytes.length) return null;
  return { tag: (first & 0x3c) >> 2, start: at + 1 + octets, length: readNumber(bytes, at + 1, octets) };
}
