// The checkpoint of the log: size and root of the tree as a signed note (C2SP tlog-checkpoint, signed-note). Signing and checking Ed25519 come from
// outside (this room has no node:crypto). A note is hostile until a signature by a known key was found on it; lines of other signers
// (witnesses) are kept and counted by nobody here.
import { readText } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';

export type Checkpoint = {
  /** Which log it is: `sign.example.org/log`. */
  origin: string;
  size: number;
  root: Uint8Array;
};

export type NoteSignature = { name: string; keyId: Uint8Array; signature: Uint8Array };

/** A key that signs notes: its name and its 32 octets (Ed25519). */
export type NoteKey = { name: string; publicKey: Uint8Array };

const ed25519 = 1;
const rootBytes = 32;
const namePattern = /^[^\s+]{1,200}$/;

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

function fromBase64(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return base64(bytes) === text ? bytes : null;
}

/** SHA-256(name || 0x0A || 0x01 || key), its first four octets (signed-note, "Signatures"). */
export function keyIdOf({ name, publicKey }: NoteKey, hash: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(`${name}\n`);
  return hash(Uint8Array.of(...text, ed25519, ...publicKey)).slice(0, 4);
}

/** `name+id+key`: the key as people hand it on. */
export function renderNoteKey(key: NoteKey, hash: (bytes: Uint8Array) => Uint8Array): string {
  const id = [...keyIdOf(key, hash)].map((octet) => octet.toString(16).padStart(2, '0')).join('');
  return `${key.name}+${id}+${base64(Uint8Array.of(ed25519, ...key.publicKey))}`;
}

/** What is signed: three lines. */
export const renderCheckpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${base64(root)}\n`;

/** The note: the text, an empty line, a line for each signature. */
export function renderNote(text: string, signatures: readonly NoteSignature[]): string {
  const lines = signatures.map(
    ({ name, keyId, signature }) => `\u2014 ${name} ${base64(Uint8Array.of(...keyId, ...signature))}\n`,
  );
  return `${text}\n${lines.join('')}`;
}

export type ReadNote = { checkpoint: Checkpoint; text: string; signatures: NoteSignature[] };

/** Reads a note from hostile bytes; refuses `log.checkpoint` for whatever is not one. Says nothing about its signatures. */
export function readNote(foreignBytes: Uint8Array): ReadNote {
  const [head = '', tail, ...more] = readText(foreignBytes, 'a checkpoint').split('\n\n');
  if (tail === undefined || more.length > 0) throw wrong('it is not one text and its signatures');
  const signatures = tail.split('\n').slice(0, -1).map(readSignature);
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

function readSignature(line: string): NoteSignature {
  const [, name, text] = /^\u2014 ([^\s+]{1,200}) ([A-Za-z0-9+/=]{1,400})$/.exec(line) ?? [];
  const bytes = text === undefined ? null : fromBase64(text);
  if (name === undefined || bytes === null || bytes.length < 5) throw wrong('a signature line cannot be read');
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}
