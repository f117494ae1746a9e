// One look of a witness at its index: the checkpoint that is served now continues the one that it signed last (the same code as every client's), so it is signed,
// kept, and handed in, in that order. On a fork nothing is signed, and both checkpoints are kept as evidence. Another key of the index is followed along the
// changes that old and new key signed and that the log tells, and kept; none leads back.
import path from 'node:path';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { Fingerprint, IndexName } from '#lib/core/ids.ts';
import { noteCheck, signEd25519 } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readNote, renderNote, type ReadNote } from '#lib/evidence/checkpoint.ts';
import { makeCosignature } from '#lib/evidence/cosignature.ts';
import { readIndexKey } from '#lib/evidence/index-signature.ts';
import { indexKeyPath } from '#lib/evidence/index-tree.ts';
import { changesBetween, indexRotationPath, type IndexRotation } from '#lib/evidence/key-rotation.ts';
import type { TwoCheckpoints } from '#lib/evidence/check-log.ts';
import { partsOf } from '#cli/index/answers.ts';
import { openIndex, type IndexReader } from '#cli/index/fetch-index.ts';
import { requireInLog, type InLog } from '#cli/index/log.ts';
import { writeSynced } from '#cli/trust/write-synced.ts';
import { writeSeen, writeWatched, type WitnessState } from './state.ts';

export type Cosigning = {
  /** What was there before, and what there is now. */
  before: number;
  size: number;
  /** Seconds since 1970, as in the line. */
  at: number;
  /** The changes of the index key that were followed, in their order. */
  changes: readonly IndexRotation[];
  /** Why the index did not take the line; null: it did. */
  notTaken: string | null;
};

/** Looks, signs, keeps, hands in. Refuses what lookAt refuses; then nothing was signed. */
export async function cosignOnce(folder: string, state: WitnessState, now: number): Promise<Cosigning> {
  const { watched, seen } = state;
  const index = openIndex(watched.address);
  const { bytes, note, changes } = await lookAt(index, { ...watched, seen, now }).catch((fault: unknown) => {
    throw withEvidence(folder, fault);
  });
  const at = Math.floor(now / 1000);
  const inForce = changes.at(-1)?.new;
  if (inForce) writeWatched(folder, { ...watched, indexKey: inForce });
  writeSeen(folder, Buffer.from(cosigned(state, note, at)));
  const before = readNote(seen).checkpoint.size;
  return {
    before,
    size: note.checkpoint.size,
    ...{ at, changes },
    notTaken: await handIn(index.base, cosigned(state, readNote(bytes), at)),
  };
}

/** The note with our line alone beside those of the log; Ed25519 gives the same line each time. */
function cosigned({ key, privateKey }: WitnessState, note: ReadNote, at: number): string {
  const sign = (message: Uint8Array) => signEd25519(privateKey, message);
  const own = note.signatures.filter((line) => line.name === note.checkpoint.origin);
  return renderNote(note.text, [...own, makeCosignature(note, { key, at, hash: noteCheck.hash, sign })]);
}

export type Look = { index: IndexName; indexKey: Fingerprint; seen: Uint8Array | null; now: number };

export type Looked = InLog & Pick<Cosigning, 'changes'>;

/**
 * The checkpoint of the index that signs with this key, or with one to which changes lead from it: each signed by both of its keys and told by this very
 * log. Refuses what requireInLog refuses, `verify.other-index-key`, and `index-key.…` for a change that is none.
 */
export async function lookAt(index: IndexReader, { index: name, indexKey, seen, now }: Look): Promise<Looked> {
  const certificate = await index.read(indexKeyPath);
  if (!certificate) throw refuse('evidence.missing', { what: indexKeyPath });
  const key = await readIndexKey(certificate, now);
  const found = key.facts.primary;
  const leading = { index: name, at: now, hashing };
  const read = (place: string) => index.read(place);
  const steps = found === indexKey ? [] : await changesBetween(read, { from: indexKey, to: found }, leading);
  if (steps === null) throw refuse('verify.other-index-key', { expected: indexKey, found });
  const told = steps.map(({ rotation, sha256 }) => ({ path: indexRotationPath(rotation.number), sha256 }));
  const inLog = await requireInLog(index, { index: name, indexKey: key, seen }, told);
  return { ...inLog, changes: steps.map(({ rotation }) => rotation) };
}

/** Keeps both checkpoints where the refusal has them, and says where. */
function withEvidence(folder: string, fault: unknown): unknown {
  if (!isRefusal(fault) || !['log.forked', 'log.went-back'].includes(fault.code)) return fault;
  const { seen, served } = fault.details as Record<keyof TwoCheckpoints, string>;
  const sizes = [seen, served].map((text) => readNote(Buffer.from(text)).checkpoint.size);
  const place = path.join(folder, 'contradictions', `${sizes.join('-')}.txt`);
  writeSynced(place, Buffer.from(`${seen}\n${served}`));
  return refuse('witness.contradiction', { why: fault.message, place }, fault);
}

const [answerMs, answerBytesMax] = [30_000, 64 * 1024];
const patience = { ms: answerMs, bytesPerWindow: 0, windowMs: answerMs };

/** null: the index took the line; else why not. The line is kept here in any case, and the next look hands a newer one in. */
async function handIn(base: string, note: string): Promise<string | null> {
  const init: RequestInit = { method: 'POST', body: Buffer.from(note), signal: AbortSignal.timeout(answerMs) };
  const response = await fetch(`${base}cosignatures`, { ...init, redirect: 'error' }).catch(() => null);
  if (!response) return 'no answer';
  const answer = await readAnswer(response);
  if (answer === null) return 'an answer that does not end';
  const says = /"detail":"((?:[^"\\]|\\.)*)"/.exec(answer)?.[1] ?? '';
  return response.ok ? null : `status ${response.status}${says === '' ? '' : `: ${says}`}`;
}

/** In bounds; null where it goes beyond them. */
async function readAnswer(response: Response): Promise<string | null> {
  const tooLarge = (url: string) => refuse('index.too-large', { url, bytesMax: answerBytesMax });
  const parts: Uint8Array[] = [];
  try {
    for await (const part of partsOf(response, { bytesMax: answerBytesMax, tooLarge, patience })) parts.push(part);
  } catch (fault) {
    if (isRefusal(fault)) return null;
    throw fault;
  }
  return Buffer.concat(parts).toString('utf8');
}
