// The checkpoint of the log: size and root of the tree as a signed note (C2SP tlog-checkpoint, signed-note). Signing and checking Ed25519 come from
// outside (this room has no node:crypto). A note is hostile until a signature by a known key was found on it; lines of other signers
// are kept and ignored here (signed-note demands it); those of witnesses are read in cosignature.ts.
import { sameBytes } from '#lib/core/bytes.ts';
import { readText } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import type { HashBytes } from '#lib/core/log.ts';

export type Checkpoint = {
  /** Which log it is: `sign.example.org/log`. */
  origin: string;
  size: number;
  root: Uint8Array;
};

export type NoteSignature = { name: string; keyId: Uint8Array; signature: Uint8Array };

/** A key that signs notes: its name and its 32 octets (Ed25519). */
export type NoteKey = { name: string; publicKey: Uint8Array };

/** What a key of a note signs: the text itself, or (a witness) the text and the time (signed-note, "Signature types"). */
export type NoteKeyType = 'note' | 'cosignature';
const typeOctets: Record<NoteKeyType, number> = { note: 1, cosignature: 4 };
const keyBytes = 32;
const rootBytes = 32;
/** More lines than any log and its witnesses have. */
const signaturesMost = 100;
const namePattern = /^[^\s+]{1,200}$/;

export const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** The octets; null for whatever is not the one spelling of some. */
export function fromBase64(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return toBase64(bytes) === text ? bytes : null;
}

/** SHA-256(name || 0x0A || type || key), its first four octets (signed-note, "Signatures"). */
export function keyIdOf({ name, publicKey }: NoteKey, hash: HashBytes, type: NoteKeyType = 'note'): Uint8Array {
  const text = new TextEncoder().encode(`${name}
`);
  return hash(Uint8Array.of(...text, typeOctets[type], ...publicKey)).slice(0, 4);
}

/** `name+id+key`: the key as people hand it on (signed-note, "Verifier keys"). */
export function renderNoteKey(key: NoteKey, hash: HashBytes, type: NoteKeyType = 'note'): string {
  const id = [...keyIdOf(key, hash, type)].map((octet) => octet.toString(16).padStart(2, '0')).join('');
  return `${key.name}+${id}+${toBase64(Uint8Array.of(typeOctets[type], ...key.publicKey))}`;
}

/** Reads such a key from hostile text; refuses (`log.key`) another type, and a number that is not the key's. */
export function readNoteKey(claimed: string, hash: HashBytes, type: NoteKeyType = 'note'): NoteKey {
  // The key may hold a plus sign; name and number never do.
  const [, name, octets = ''] = /^([^\s+]{1,200})\+[0-9a-f]{8}\+([A-Za-z0-9+/=]{44,48})$/.exec(claimed) ?? [];
  const publicKey = fromBase64(octets)?.slice(1);
  const key = name !== undefined && publicKey?.length === keyBytes ? { name, publicKey } : null;
  if (key === null || renderNoteKey(key, hash, type) !== claimed)
    throw refuse('log.key', { claimed: claimed.slice(0, 120) });
  return key;
}

/** What is signed: three lines. */
export const renderCheckpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${toBase64(root)}\n`;

/** The note: the text, an empty line, a line for each signature. */
export function renderNote(text: string, signatures: readonly NoteSignature[]): string {
  return `${text}\n${signatures.map(renderSignature).join('')}`;
}

/** One line of it. */
export const renderSignature = ({ name, keyId, signature }: NoteSignature): string =>
  `\u2014 ${name} ${toBase64(Uint8Array.of(...keyId, ...signature))}\n`;

export type ReadNote = { checkpoint: Checkpoint; text: string; signatures: NoteSignature[] };

/** Reads a note from hostile bytes; refuses `log.checkpoint` for whatever is not one. Says nothing about its signatures. */
export function readNote(foreignBytes: Uint8Array): ReadNote {
  const [head = '', tail, ...more] = readText(foreignBytes, 'a checkpoint').split('\n\n');
  if (tail === undefined || more.length > 0) throw wrong('it is not one text and its signatures');
  const signatures = readSignatureLines(tail);
  return { checkpoint: readHead(head.split('\n')), text: `${head}\n`, signatures };
}

const wrong = (why: string) => refuse('log.checkpoint', { why });

function readHead([origin = '', size = '', root = '', ...rest]: readonly string[]): Checkpoint {
  const hash = fromBase64(root);
  const isSize = /^(?:0|[1-9][0-9]{0,14})$/.test(size);
  if (!namePattern.test(origin) || !isSize || hash?.length !== rootBytes || rest.length > 0)
    throw wrong('its lines are not origin, size and root');
  return { origin, size: Number(size), root: hash };
}

/** Lines of signatures from hostile text, as a witness answers them; refuses `log.checkpoint` for one that cannot be read. */
export function readSignatureLines(lines: string): NoteSignature[] {
  const [last, ...before] = lines.split('\n').reverse();
  if (last !== '' || before.length > signaturesMost) throw wrong('its signatures are not lines of text');
  return before.reverse().map(readSignature);
}

function readSignature(line: string): NoteSignature {
  const [, name, text] = /^\u2014 ([^\s+]{1,200}) ([A-Za-z0-9+/=]{1,8000})$/.exec(line) ?? [];
  const bytes = text === undefined ? null : fromBase64(text);
  if (name === undefined || bytes === null || bytes.length < 5) throw wrong('a signature line cannot be read');
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

/** Looks for the signature of this key. Refuses (`log.not-signed`) a note without one, and one that does not hold (signed-note, "Signatures"). */
export function requireNoteSignature(note: ReadNote, key: NoteKey, { hash, verify }: NoteCheck): void {
  const own = signaturesBy(note, key, keyIdOf(key, hash));
  const text = new TextEncoder().encode(note.text);
  const isGood = own.length > 0 && own.every(({ signature }) => verify(key.publicKey, text, signature));
  if (!isGood) throw refuse('log.not-signed', { origin: note.checkpoint.origin, key: renderNoteKey(key, hash) });
}

/** Hashing and Ed25519 (RFC 8032), from outside. */
export type NoteCheck = {
  hash: HashBytes;
  verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;
};

/** The lines that name this key and its number. */
export const signaturesBy = (note: ReadNote, key: NoteKey, keyId: Uint8Array): NoteSignature[] =>
  note.signatures.filter((line) => line.name === key.name && sameBytes(line.keyId, keyId));
