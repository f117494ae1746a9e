// The page's side of revoking a key: starts the revoking worker, hands it the key and the reason, and ends it after one answer. The key and the
// passphrase go nowhere but into that worker; what comes back is public.
import { refuse } from '#lib/core/errors.ts';
import { plain } from './read-key.ts';
import type { RevokingAnswer, RevokingRequest } from './revoke-once.ts';
import { askWorker } from './worker.ts';

const answerTimeMax = 120_000;

/** Resolves with the armored revocation, or with the refusal in words; rejects with `signing.failed` where the worker failed. */
export async function revokeInWorker(request: RevokingRequest): Promise<RevokingAnswer> {
  if (!globalThis.isSecureContext) return { refusal: plain(refuse('signing.needs-https', {})) };
  return askWorker<RevokingRequest, RevokingAnswer>('/assets/revoke-worker.js', request, answerTimeMax);
}
