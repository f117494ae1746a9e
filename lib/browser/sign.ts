// The page's side of a signature: starts the signing worker (its own script, its own policy: no network), hands it what is shown, the
// bytes and the key, and ends it after one answer. The key and the passphrase go nowhere but into that worker.
// Trusts the worker's script, which comes from our own address; refuses nothing by itself except a worker that fails or does not answer.
import { refuse } from '#lib/core/errors.ts';
import { plain, type PlainRefusal } from './read-key.ts';
import type { SigningAnswer, SigningRequest, TogetherAnswer, TogetherRequest } from './sign-once.ts';
import { askWorker } from './worker.ts';

const answerTimeMax = 120_000;

/**
 * One signature by one worker. Resolves with the armored signature, or with the refusal in words (wrong passphrase, another key …);
 * rejects with `signing.failed` where the worker could not be started or did not answer.
 */
export async function signInWorker(request: SigningRequest): Promise<SigningAnswer> {
  return ask<SigningRequest, SigningAnswer>(request);
}

/** Several documents by one worker, which unlocks the key once; each has its own answer. Otherwise as above. */
export async function signTogetherInWorker(request: TogetherRequest): Promise<TogetherAnswer> {
  return ask<TogetherRequest, TogetherAnswer>(request);
}

async function ask<Request, Answer>(request: Request): Promise<Answer | { refusal: PlainRefusal }> {
  if (!globalThis.isSecureContext) return { refusal: plain(refuse('signing.needs-https', {})) };
  return askWorker<Request, Answer>('/assets/sign-worker.js', request, answerTimeMax);
}
