// A public key looked at in the browser before it is sent: its facts, as the server will find them. Runs OpenPGP in a worker of its own, so
// that no page carries that code. A private key is refused first, without starting anything.
import { refuse, type Refusal } from '#lib/core/errors.ts';
import type { KeyFacts } from '#lib/core/key.ts';
import { recognise } from '#lib/pgp/recognise.ts';
import { askWorker } from './worker.ts';

const answerTimeMax = 30_000;

/** A refusal as data that crosses between a worker and its page. */
export type PlainRefusal = { code: string; message: string; details: Record<string, unknown> };

export type KeyAnswer = { facts: KeyFacts; refusal?: undefined } | { facts?: undefined; refusal: PlainRefusal };

/** What crosses to the worker: foreign bytes, and the moment at which the key must be usable. */
export type KeyQuestion = { bytes: Uint8Array; now: number };

/** The facts of the one certificate in the bytes, or why it would be refused. Rejects with `signing.failed` if the worker fails. */
export async function readKeyInWorker(question: KeyQuestion): Promise<KeyAnswer> {
  if (recognise(question.bytes) === 'private-key')
    return { refusal: plain(refuse('upload.private-key', { name: 'What you chose' })) };
  return askWorker<KeyQuestion, KeyAnswer>('/assets/read-key-worker.js', question, answerTimeMax);
}

/** The refusal as plain data. */
export function plain({ code, message, details }: Refusal): PlainRefusal {
  return { code, message, details: { ...details } };
}
