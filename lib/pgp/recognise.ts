// Tells what a file is before anything else is done with it: in the browser before a byte is sent, on the server before a byte is
// stored. A private key is looked for first and everywhere (in any block, behind any text, under a wrong label, without armor).
// Cheap, synchronous, without a library. What it says is a guess for wording and refusing, never for accepting.
import { asText, readArmor, readBase64, type ArmorBlock } from './armor.ts';
import { firstTag, splitPackets, tags, type RawPacket } from './packets.ts';

export type FileKind =
  | 'empty'
  | 'private-key'
  | 'certificate'
  | 'signature'
  | 'revocation'
  | 'cleartext'
  | 'message'
  | 'damaged'
  | 'utf-16'
  | 'zip'
  | 'gzip'
  | 'pem'
  | 'ssh-signature'
  | 'ssh-key'
  | 'minisign'
  | 'sigstore-bundle'
  | 'html'
  | 'json'
  | 'other';

const privateMarks =
  /BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY|minisign encrypted secret key|\((?:protected-|shadowed-)?private-key|PuTTY-User-Key-File|AGE-SECRET-KEY-1/i;

// In this order; the first that fits names the file.
const marks: readonly (readonly [RegExp, FileKind])[] = [
  [/^PK(?:\x03\x04|\x05\x06)/, 'zip'],
  [/^\x1f\u2039|^\x1f\x8b/, 'gzip'],
  [/^[ \t]{0,20}-----BEGIN SSH SIGNATURE-----/m, 'ssh-signature'],
  [/^[ \t]{0,20}-----BEGIN [A-Z0-9 ]{1,60}-----/m, 'pem'],
  [/^\s*(?:ssh-(?:ed25519|rsa|dss)|ecdsa-sha2-\S+|sk-\S+@openssh\.com) AAAA/, 'ssh-key'],
  [/^untrusted comment:/i, 'minisign'],
  [/^\s*\{[^]{0,400}(?:dev\.sigstore|verificationMaterial|base64Signature)/, 'sigstore-bundle'],
  [/^\s*<(?:!doctype|html)/i, 'html'],
  [/^\s*[{[]/, 'json'],
];

const armoredKinds: Readonly<Record<string, FileKind>> = {
  'SIGNED MESSAGE': 'cleartext',
  MESSAGE: 'message',
  'PUBLIC KEY BLOCK': 'certificate',
  SIGNATURE: 'signature',
};

/** What a foreign file most likely is. Total: never throws, whatever the bytes. */
export function recognise(foreignBytes: Uint8Array): FileKind {
  if (foreignBytes.length === 0) return 'empty';
  const wide = asWideText(foreignBytes);
  const text = wide ?? asText(foreignBytes);
  const blocks = readArmor(text);
  const packets = [foreignBytes, ...blocks.map((block) => block.bytes), bareBase64(text)]
    .filter((bytes) => bytes !== null)
    .flatMap((bytes) => splitPackets(bytes).packets);
  if (privateMarks.test(text) || packets.some(isPrivate)) return 'private-key';
  if (wide !== null) return 'utf-16';
  const first = blocks[0];
  return first ? armoredKind(first) : (markedKind(text) ?? binaryKind(foreignBytes));
}

/** How a kind is called in a sentence: "it looks like …". */
export const kindWords: Readonly<Record<FileKind, string>> = {
  empty: 'an empty file',
  'private-key': 'a private key',
  certificate: 'a public key',
  signature: 'a signature',
  revocation: 'a revocation certificate',
  cleartext: 'a clear-signed message',
  message: 'an OpenPGP message',
  damaged: 'a damaged OpenPGP file',
  'utf-16': 'text in UTF-16',
  zip: 'a zip archive or wheel',
  gzip: 'a gzip archive',
  pem: 'a PEM file',
  'ssh-signature': 'an SSH signature',
  'ssh-key': 'an SSH key',
  minisign: 'a minisign file',
  'sigstore-bundle': 'a sigstore bundle',
  html: 'a web page',
  json: 'a JSON file',
  other: 'something else',
};

const isPrivate = (packet: RawPacket): boolean => packet.tag === tags.secretKey || packet.tag === tags.secretSubkey;

function markedKind(text: string): FileKind | null {
  const beginning = text.slice(0, 4096);
  return marks.find(([pattern]) => pattern.test(beginning))?.[1] ?? null;
}

function armoredKind({ label, bytes }: ArmorBlock): FileKind {
  const claimed = armoredKinds[label] ?? 'message';
  if (claimed === 'cleartext' || claimed === 'message') return claimed;
  const found = bytes ? binaryKind(bytes) : 'damaged';
  if (claimed === 'certificate' && found === 'signature') return 'revocation';
  return found === 'other' ? 'damaged' : found;
}

// One-pass, literal, compressed and encrypted data.
const messageTags: readonly number[] = [1, 3, 4, 8, 9, 11, 18, 20];

function binaryKind(bytes: Uint8Array): FileKind {
  const { packets } = splitPackets(bytes);
  const first = packets.find((packet) => packet.tag !== tags.marker && packet.tag !== tags.padding);
  // Messages have lengths made for streams, which splitPackets does not walk.
  const tag = first?.tag ?? firstTag(bytes) ?? -1;
  if (messageTags.includes(tag)) return 'message';
  if (tag !== tags.signature && tag !== tags.publicKey) return 'other';
  if (!first) return 'damaged';
  if (tag === tags.publicKey) return 'certificate';
  return isSignatureBody(first.body) ? 'signature' : 'damaged';
}

/** Known and unknown versions alike; only to tell a signature from chance. */
const isSignatureBody = (body: Uint8Array): boolean => body.length > 6 && (body[0] ?? 0) >= 2 && (body[0] ?? 0) < 32;

/** A key pasted without its first and last line is still a key. */
function bareBase64(text: string): Uint8Array | null {
  if (text.length < 40 || /[^A-Za-z0-9+/=\s]/.test(text)) return null;
  const body = text.replace(/\s+/g, '').replace(/=[A-Za-z0-9+/]{4}$/, '');
  return readBase64(body.padEnd(Math.ceil(body.length / 4) * 4, '='));
}

/** UTF-16 with its mark, or without one but with every second octet zero in the beginning; null: it is not. */
function asWideText(bytes: Uint8Array): string | null {
  const head = bytes.subarray(0, 40);
  const zeros = (odd: number) => head.filter((byte, index) => index % 2 === odd && byte === 0).length;
  const little = (bytes[0] === 0xff && bytes[1] === 0xfe) || (head.length > 3 && zeros(1) >= head.length / 2 - 1);
  const big = (bytes[0] === 0xfe && bytes[1] === 0xff) || (head.length > 3 && zeros(0) >= head.length / 2 - 1);
  if (little === big) return null;
  return new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(bytes);
}
