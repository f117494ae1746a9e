// How the log gets another key (docs/formats/key-rotation.md): a numbered document that the index key signs and that carries an Ed25519 signature of the
// old key of the log and one of the new. Whoever follows the index key needs only `log/vkey`; whoever pinned the key of the log itself (a
// witness) is led on by this. Hostile until checked.
import { readDocument, readExactly, readLine, readNullable, readWhole, renderDocument } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import { readIndexName, readInstant, readSha256, type IndexName, type Instant, type Sha256 } from '#lib/core/ids.ts';
import { readNoteKey, type NoteCheck } from './checkpoint.ts';

export type LogRotation = {
  type: 'countersign/log-key';
  format: 1;
  index: IndexName;
  number: number;
  previous: Sha256 | null;
  /** Verifier keys in the signed-note form. */
  old: string;
  new: string;
  date: Instant;
};

/** `signatures`: base64 of 64 octets each, over the document without them. */
export type SignedLogRotation = LogRotation & { signatures: { old: string; new: string } };

const plain = (r: LogRotation): LogRotation => {
  const { type, format, index, number, previous, old, date } = r;
  return { type, format, index, number, previous, old, new: r.new, date };
};

/** What both keys of the log sign. */
export const logRotationText = (rotation: LogRotation): string => renderDocument(plain(rotation));

/** The document's one spelling. */
export const renderLogRotation = (rotation: SignedLogRotation): string =>
  renderDocument({
    ...plain(rotation),
    signatures: { old: rotation.signatures.old, new: rotation.signatures.new },
  });

/** Reads hostile bytes; refuses `index-key.not-both` where either key has not signed. Who trusts the old key may trust the new one. */
export function readLogRotation(foreignBytes: Uint8Array, note: NoteCheck): SignedLogRotation {
  const rotation = readDocument(foreignBytes, 'a change of the key of the log', build, renderLogRotation);
  for (const which of ['old', 'new'] as const) {
    const { publicKey } = readNoteKey(rotation[which], note.hash);
    const message = new TextEncoder().encode(logRotationText(rotation));
    const signature = Uint8Array.from(atob(rotation.signatures[which]), (character) => character.charCodeAt(0));
    if (!note.verify(publicKey, message, signature))
      throw refuse('index-key.not-both', { number: rotation.number, which });
  }
  return rotation;
}

function build(f: Readonly<Record<string, unknown>>): SignedLogRotation {
  const signatures = (f['signatures'] ?? {}) as Readonly<Record<string, unknown>>;
  const base64 = (claimed: unknown): string => {
    const text = readLine(claimed, 'a signature', 88);
    if (/^[A-Za-z0-9+/]{86}==$/.test(text)) return text;
    throw refuse('input.not-a', { what: 'a signature of 64 octets', claimed: text });
  };
  return {
    type: readExactly(f['type'], 'countersign/log-key', 'the type'),
    format: readExactly(f['format'], 1, 'the format'),
    index: readIndexName(f['index']),
    number: readWhole(f['number'], 'the number', 1, 10_000),
    previous: readNullable(f['previous'], readSha256),
    old: readLine(f['old'], 'a key', 400),
    new: readLine(f['new'], 'a key', 400),
    date: readInstant(f['date']),
    signatures: { old: base64(signatures['old']), new: base64(signatures['new']) },
  };
}
