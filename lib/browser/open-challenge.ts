// The page's side of opening an encrypted challenge: starts the opening worker, hands it the message, what is shown, and the key, and ends it
// after one answer. The key and the passphrase go nowhere but into that worker; what comes back is a token or a refusal.
import { refuse } from '#lib/core/errors.ts';
import type { OpeningAnswer, OpeningRequest } from './open-once.ts';
import { plain } from './read-key.ts';
import { askWorker } from './worker.ts';

const answerTimeMax = 120_000;

/** Resolves with the token, or with the refusal in words; rejects with `signing.failed` where the worker failed. */
export async function openInWorker(request: OpeningRequest): Promise<OpeningAnswer> {
  if (!globalThis.isSecureContext) return { refusal: plain(refuse('signing.needs-https', {})) };
  return askWorker<OpeningRequest, OpeningAnswer>('/assets/open-challenge-worker.js', request, answerTimeMax);
}
