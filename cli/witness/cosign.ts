// One look of a witness at its index: the checkpoint that is served now continues the one that it signed last (the same code as every client's), so it is signed,
// kept, and handed in, in that order. On a fork nothing is signed, and both checkpoints are kept as evidence.
import path from 'node:path';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { Fingerprint, IndexName } from '#lib/core/ids.ts';
import { noteCheck, signEd25519 } from '#lib/digest/ed25519.ts';
import { readNote, renderNote, type ReadNote } from '#lib/evidence/checkpoint.ts';
import { makeCosignature } from '#lib/evidence/cosignature.ts';
import { readIndexKey } from '#lib/evidence/index-signature.ts';
import { indexKeyPath } from '#lib/evidence/index-tree.ts';
import type { TwoCheckpoints } from '#lib/evidence/check-log.ts';
import { openIndex, type IndexReader } from '#cli/index/fetch-index.ts';
import { requireInLog, type InLog } from '#cli/index/log.ts';
import { writeSynced } from '#cli/trust/write-synced.ts';
import { writeSeen, type WitnessState } from './state.ts';

export type Cosigning = {
  /** What was there before, and what there is now. */
  before: number;
  size: number;
  /** Seconds since 1970, as in the line. */
  at: number;
  /** Why the index did not take the line; null: it did. */
  notTaken: string | null;
};

/** Looks, signs, keeps, hands in. Refuses what requireInLog refuses and `verify.other-index-key`; then nothing was signed. */
export async function cosignOnce(folder: string, state: WitnessState, now: number): Promise<Cosigning> {
  const { watched, seen } = state;
  const index = openIndex(watched.address);
  const { bytes, note } = await lookAt(index, { ...watched, seen, now }).catch((fault: unknown) => {
    throw withEvidence(folder, fault);
  });
  const at = Math.floor(now / 1000);
  writeSeen(folder, Buffer.from(cosigned(state, note, at)));
  const before = readNote(seen).checkpoint.size;
  return {
    before,
    size: note.checkpoint.size,
    at,
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

/** The checkpoint of the index that signs with this key. */
export async function lookAt(index: IndexReader, { index: name, indexKey, seen, now }: Look): Promise<InLog> {
  const certificate = await index.read(indexKeyPath);
  if (!certificate) throw refuse('evidence.missing', { what: indexKeyPath });
  const key = await readIndexKey(certificate, now);
  const found = key.facts.primary;
  if (found !== indexKey) throw refuse('verify.other-index-key', { expected: indexKey, found });
  return requireInLog(index, { index: name, indexKey: key, seen }, []);
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

const answerMs = 30_000;
const saysMost = 300;

async function handIn(base: string, note: string): Promise<string | null> {
  const body = Buffer.from(note);
  const signal = AbortSignal.timeout(answerMs);
  try {
    const response = await fetch(`${base}cosignatures`, { method: 'POST', body, signal, redirect: 'error' });
    if (response.ok) return null;
    const says = (await response.text()).slice(0, saysMost);
    return `status ${response.status}: ${messageIn(says)}`;
  } catch {
    return 'no answer'; // the line is kept here; the next look hands a newer one in
  }
}

/** The sentence of a refusal, or the text as it is. */
const messageIn = (says: string): string => /"message":"((?:[^"\\]|\\.)*)"/.exec(says)?.[1] ?? says;
