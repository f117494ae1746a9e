// The proof that the log tells a document, in a form that is checked without the log (C2SP tlog-proof): number of the entry, the hashes up to the
// root, and the checkpoint as it was served, witnesses and all. A proof is hostile; what it is worth follows from the key of the log alone.
import { readText } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import { isIncluded, leafHash } from '#lib/core/log.ts';
import { entryOf, type LoggedDocument } from './log-tree.ts';
import { fromBase64, readNote, requireNoteSignature, toBase64 } from './checkpoint.ts';
import type { NoteCheck, NoteKey, ReadNote } from './checkpoint.ts';

export type LogProof = { number: number; proof: readonly Uint8Array[]; checkpoint: Uint8Array };

const head = 'c2sp.org/tlog-proof@v1';
/** A tree of 2^31 entries needs no more. */
const hashesMost = 64;

/** The one spelling, without extra data. */
export function renderLogProof({ number, proof, checkpoint }: LogProof): string {
  const lines = [head, `index ${number}`, ...proof.map(toBase64), ''];
  return `${lines.join('\n')}\n${new TextDecoder().decode(checkpoint)}`;
}

/** Reads a proof from hostile bytes; refuses `log.proof` and, for its checkpoint, `log.checkpoint`. Says nothing about what it proves. */
export function readLogProof(foreignBytes: Uint8Array): LogProof & { note: ReadNote } {
  const text = readText(foreignBytes, 'a proof of the log');
  const end = text.indexOf('\n\n');
  const [first, number = '', ...hashes] = text.slice(0, Math.max(0, end)).split('\n');
  const digits = /^index (0|[1-9][0-9]{0,9})$/.exec(number)?.[1];
  const proof = hashes.map(fromBase64).filter((hash) => hash?.length === 32) as Uint8Array[];
  if (first !== head || digits === undefined || hashes.length > hashesMost || proof.length !== hashes.length)
    throw refuse('log.proof', { why: 'its lines are not number and hashes' });
  const checkpoint = new TextEncoder().encode(text.slice(end + 2));
  return { number: Number(digits), proof, checkpoint, note: readNote(checkpoint) };
}

/**
 * Establishes by this proof that the log of this key tells the document. Refuses `log.proof`, `log.checkpoint`, `log.other-log`, `log.not-signed`
 * and `log.not-in-log`.
 */
export function requireProven(
  foreignBytes: Uint8Array,
  document: LoggedDocument,
  logKey: NoteKey,
  check: NoteCheck,
): ReadNote {
  const { number, proof, note } = readLogProof(foreignBytes);
  const { origin, size, root } = note.checkpoint;
  if (origin !== logKey.name) throw refuse('log.other-log', { expected: logKey.name, found: origin });
  requireNoteSignature(note, logKey, check);
  const leaf = leafHash(check.hash, entryOf(document));
  if (!isIncluded(check.hash, { leaf, index: number, size, proof, root }))
    throw refuse('log.not-in-log', { path: document.path, size });
  return note;
}
