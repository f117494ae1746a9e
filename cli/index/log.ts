// The log of an index over HTTP: one question for verify, audit and witnesses. What decides is lib/evidence/check-log.ts; here it gets its reader and
// the cryptography of Node. The index is hostile; what was seen before and the index key are the caller's pins.
import { noteCheck } from '#lib/digest/ed25519.ts';
import { refuse } from '#lib/core/errors.ts';
import { hashing } from '#lib/digest/hashing.ts';
import {
  checkLog,
  requireLogged,
  type InclusionShown,
  type LogCheck,
  type LogQuestion,
} from '#lib/evidence/check-log.ts';
import { readNoteKey } from '#lib/evidence/checkpoint.ts';
import { logKeyPath, type LoggedDocument } from '#lib/evidence/log-tree.ts';
import type { IndexReader } from './fetch-index.ts';

/** The checkpoint that was accepted (`bytes` is to be kept for the next time), and number and proof of each document by its path. */
export type InLog = LogCheck & { shown: ReadonlyMap<string, InclusionShown> };

/**
 * Establishes that the log of the index continues the checkpoint that was seen before, and that each of these documents stands in it with these
 * bytes. Refuses what checkLog and requireLogged refuse; keeps nothing: after `log.forked` and `log.went-back` both checkpoints are in its details.
 * An index answers from memory for up to a second, so `log.not-in-log` right after a publication is worth a second look.
 */
export async function requireInLog(
  { read }: Pick<IndexReader, 'read'>,
  question: LogQuestion,
  documents: readonly LoggedDocument[],
): Promise<InLog> {
  const ask = (path: string) => read(path);
  const checked = await checkLog(ask, question, { hashing, note: noteCheck });
  return { ...checked, shown: await requireLogged(ask, checked, documents, noteCheck) };
}

/** The name that the log claims to have (INDEX/log); requireInLog demands that the index key signed it. Refuses `log.missing` and `log.key`. */
export async function readLogName({ read }: Pick<IndexReader, 'read'>): Promise<string> {
  const bytes = await read(logKeyPath);
  if (!bytes) throw refuse('log.missing', { path: logKeyPath });
  return readNoteKey(new TextDecoder().decode(bytes).replace(/\n$/, ''), noteCheck.hash).name;
}
