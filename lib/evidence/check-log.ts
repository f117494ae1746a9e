// Is this in the log, and is the log the one that was seen before? One function for client, audit and witnesses. Trusted are the index key, which
// vouches for the key of the log, and the checkpoint that whoever asks kept; everything that is served is hostile. Refusals: docs/formats/log.md.
import { sameBytes } from '#lib/core/bytes.ts';
import { refuse } from '#lib/core/errors.ts';
import type { IndexName } from '#lib/core/ids.ts';
import { consistencyProof, inclusionProof, isConsistent, isIncluded, leafHash, rootOf } from '#lib/core/log.ts';
import { readNote, readNoteKey, requireNoteSignature } from './checkpoint.ts';
import type { Checkpoint, NoteCheck, NoteKey, ReadNote } from './checkpoint.ts';
import { findCosigned, type Cosigned } from './cosignature.ts';
import type { Hashing } from './custody.ts';
import { requireIndexSignature, type IndexKey } from './index-signature.ts';
import { checkpointPath, entryOf, logKeyPath, numberPath, type LoggedDocument } from './log-tree.ts';
import { openServedLog, type ReadPath, type ServedLog } from './served-log.ts';

export type LogCheck = {
  /** The checkpoint as it was served, with all its lines: what is kept for the next time. */
  bytes: Uint8Array;
  note: ReadNote;
  log: ServedLog;
  logKey: NoteKey;
  /** The given witnesses who cosigned it. */
  cosigned: Cosigned[];
};

export type LogChecking = { hashing: Hashing; note: NoteCheck };

export type LogQuestion = {
  index: IndexName;
  indexKey: IndexKey;
  /** The checkpoint that was kept the last time; null at first contact. */
  seen: Uint8Array | null;
  witnesses?: readonly NoteKey[];
};

/**
 * Establishes the checkpoint that the index serves now: signed by the log's key, for which the index key vouches; its tiles are its own; it extends
 * the one that was seen. Refuses `log.missing`, `log.checkpoint`, `log.other-log`, `log.not-signed`, `evidence.not-countersigned` (the key of the
 * log), `log.incomplete`, `log.damaged-tiles`, `log.went-back` and `log.forked`; both of these carry the two checkpoints as evidence.
 */
export async function checkLog(read: ReadPath, question: LogQuestion, checking: LogChecking): Promise<LogCheck> {
  const { index, indexKey, seen, witnesses = [] } = question;
  // 1. Whose key it is.
  const logKey = await readLogKey(read, { index, indexKey }, checking);
  // 2. What it signed.
  const bytes = await readThere(read, checkpointPath);
  const note = readNote(bytes);
  requireOrigin(note, `${index}/log`);
  requireNoteSignature(note, logKey, checking.note);
  const cosigned = findCosigned(note, witnesses, checking.note);
  // 3. That the tree is there, and that what was seen is its beginning.
  const log = await openServedLog(note.checkpoint, read, checking.note.hash);
  if (seen) await requireExtends(log, { seen, served: bytes }, checking.note);
  return { bytes, note, log, logKey, cosigned };
}

/** The key of the log, signed by the index key. */
export async function readLogKey(
  read: ReadPath,
  { index, indexKey }: Pick<LogQuestion, 'index' | 'indexKey'>,
  { hashing, note }: LogChecking,
): Promise<NoteKey> {
  const bytes = await readThere(read, logKeyPath);
  const document = { what: 'The key of the log', bytes, signature: await read(`${logKeyPath}.asc`) };
  await requireIndexSignature(document, indexKey, hashing);
  const key = readNoteKey(new TextDecoder().decode(bytes).replace(/\n$/, ''), note.hash);
  if (key.name !== `${index}/log`) throw refuse('log.other-log', { expected: `${index}/log`, found: key.name });
  return key;
}

async function readThere(read: ReadPath, path: string): Promise<Uint8Array> {
  const bytes = await read(path);
  if (!bytes) throw refuse('log.missing', { path });
  return bytes;
}

function requireOrigin({ checkpoint }: ReadNote, expected: string): void {
  const found = checkpoint.origin;
  if (found !== expected) throw refuse('log.other-log', { expected, found });
}

/** Two checkpoints as they stand, to be shown to anybody: both are signed. */
export type TwoCheckpoints = { seen: Uint8Array; served: Uint8Array };

/**
 * The log under the served checkpoint begins with the tree of the one that was seen. Refuses `log.went-back` where it is smaller, `log.forked` where it
 * is another tree: what the tiles under the new root say about the old size is proven, so this accuses nobody wrongly.
 */
export async function requireExtends(
  log: ServedLog,
  { seen, served }: TwoCheckpoints,
  check: NoteCheck,
): Promise<void> {
  const { origin, size: from, root: fromRoot } = readNote(seen).checkpoint;
  const { size, root } = log.checkpoint;
  if (origin !== log.checkpoint.origin)
    throw refuse('log.other-log', { expected: origin, found: log.checkpoint.origin });
  const both = { seen: new TextDecoder().decode(seen), served: new TextDecoder().decode(served) };
  if (size < from) throw refuse('log.went-back', { seenSize: from, size, ...both });
  if (from === 0) return;
  const proof = await log.ask((tree) => consistencyProof(tree, from));
  const isIt = (oldRoot: Uint8Array): boolean =>
    isConsistent(check.hash, { from, fromRoot: oldRoot, size, root, proof });
  if (isIt(fromRoot)) return;
  if (!isIt(await log.ask((tree) => rootOf(tree, from)))) throw refuse('log.damaged-tiles', { origin, size });
  throw refuse('log.forked', { seenSize: from, size, ...both });
}

export type InclusionShown = { number: number; proof: Uint8Array[] };

/**
 * Shows that each document stands in the log; answers entry number and proof for each path. Numbers come from the index as a hint, so a lie only
 * makes the proof fail. Refuses `log.not-in-log` and `log.incomplete`. A document that has no place in the log is a mistake of ours.
 */
export async function requireLogged(
  read: ReadPath,
  { log, note }: Pick<LogCheck, 'log' | 'note'>,
  documents: readonly LoggedDocument[],
  { hash }: NoteCheck,
): Promise<Map<string, InclusionShown>> {
  const shown = await Promise.all(
    documents.map(async (document) => {
      const number = await readNumber(read, document.path, note.checkpoint);
      const proof = await log.ask((tree) => inclusionProof(tree, number));
      const { size, root } = note.checkpoint;
      const leaf = leafHash(hash, entryOf(document));
      if (!isIncluded(hash, { leaf, index: number, size, proof, root }))
        throw refuse('log.not-in-log', { path: document.path, size });
      return [document.path, { number, proof }] as const;
    }),
  );
  return new Map(shown);
}

async function readNumber(read: ReadPath, path: string, { size }: Checkpoint): Promise<number> {
  const bytes = await read(numberPath(path));
  const text = bytes && bytes.length <= 16 ? new TextDecoder().decode(bytes) : '';
  const number = /^(?:0|[1-9][0-9]{0,9})\n$/.test(text) ? Number(text) : size;
  if (number >= size) throw refuse('log.not-in-log', { path, size });
  return number;
}

/** Whether two notes say the same of the tree, whoever signed them. */
export const isSameTree = (one: Checkpoint, other: Checkpoint): boolean =>
  one.size === other.size && sameBytes(one.root, other.root);
