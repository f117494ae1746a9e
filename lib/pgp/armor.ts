// Armor (RFC 9580, 6): the text form of keys and signatures. Reads all blocks of a text, one after the other, because people
// concatenate .asc files and other readers stop at the first. Text around and comments inside are hostile and thrown away. The
// checksum is ignored, as the RFC demands; a damaged block comes back without bytes. Linear in its input.
import { concatBytes } from '#lib/core/bytes.ts';

/** `bytes` is null where the block has no end or is not base64. */
export type ArmorBlock = { label: string; bytes: Uint8Array | null };

const begin = /^-----BEGIN PGP ([A-Z ]{1,40})-----$/;
// More blocks than any key or signature file of ours may hold; keeps a file of nothing but first lines from costing time.
const blocksMax = 100;
// Every key and signature packet has an octet of these (its version); no text around a block has one.
const notOfText = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

/** Every armored block of a text in its order. A clear-signed message counts as a block without bytes. Never throws. */
export function readArmor(foreignText: string): ArmorBlock[] {
  const lines = foreignText.split('\n').map((line) => line.trim());
  const blocks: ArmorBlock[] = [];
  for (let at = 0; at < lines.length && blocks.length < blocksMax; at += 1) {
    const label = begin.exec(lines[at] ?? '')?.[1];
    if (label === undefined) continue;
    blocks.push({ label, bytes: label === 'SIGNED MESSAGE' ? null : readBody(lines, at + 1, label) });
  }
  return blocks;
}

/** Foreign bytes as text for looking at it: every octet one character. A byte-order mark is cut off. */
export function asText(foreignBytes: Uint8Array): string {
  const start = foreignBytes[0] === 0xef && foreignBytes[1] === 0xbb && foreignBytes[2] === 0xbf ? 3 : 0;
  return new TextDecoder('latin1').decode(foreignBytes.subarray(start));
}

/** Strict base64 (padding demanded, white space removed before); null where it is something else. */
export function readBase64(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0 || text.length === 0) return null;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** The one armored form we write: lines of 64, with the checksum that older readers like to see. */
export function renderArmor(label: 'SIGNATURE' | 'PUBLIC KEY BLOCK', bytes: Uint8Array): string {
  const lines = renderBase64(bytes).match(/.{1,64}/g) ?? [];
  const checksum = `=${renderBase64(crc24(bytes))}`;
  return [`-----BEGIN PGP ${label}-----`, '', ...lines, checksum, `-----END PGP ${label}-----`, ''].join('\n');
}

/**
 * The packets of a file: of all its blocks in their order, or the file itself where it has none. Null where a block is damaged, where
 * there are more than are looked at, and where binary packets stand beside a block: none may be lost silently (threats.md, 21).
 */
export function packetBytes(foreignBytes: Uint8Array): Uint8Array | null {
  const text = asText(foreignBytes);
  const blocks = readArmor(text);
  if (blocks.length === 0) return foreignBytes;
  return blocks.length === blocksMax || notOfText.test(text) ? null : joinBlocks(blocks);
}

/** The bytes of all blocks, one after the other; null where one of them is damaged. */
export function joinBlocks(blocks: readonly ArmorBlock[]): Uint8Array | null {
  const parts = blocks.flatMap((block) => (block.bytes ? [block.bytes] : []));
  return parts.length === blocks.length ? concatBytes(parts) : null;
}

function readBody(lines: readonly string[], start: number, label: string): Uint8Array | null {
  const blank = lines.indexOf('', start);
  const end = lines.indexOf(`-----END PGP ${label}-----`, start);
  if (blank === -1 || end === -1 || blank > end) return null;
  if (lines.slice(start, blank).some((line) => line.startsWith('-----'))) return null;
  const body = lines.slice(blank + 1, end).filter((line) => line !== '');
  const last = body.at(-1) ?? '';
  return readBase64((/^=[A-Za-z0-9+/]{4}$/.test(last) ? body.slice(0, -1) : body).join(''));
}

function renderBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** RFC 9580, 6.1.1. */
function crc24(bytes: Uint8Array): Uint8Array {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ ((crc & 0x800000) === 0 ? 0 : 0x1864cfb);
  }
  return Uint8Array.of((crc >> 16) & 255, (crc >> 8) & 255, crc & 255);
}
