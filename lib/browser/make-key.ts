// The page's side of making a key: asks a worker of its own (no network by its own policy) and ends it after the answer. What comes back
// is locked; the passphrase went nowhere but into that worker.
import { refuse } from '#lib/core/errors.ts';
import type { MadeKey, WantedKey } from '#lib/pgp/make-key.ts';
import { plain, type PlainRefusal } from './read-key.ts';
import { askWorker } from './worker.ts';

export type { MadeKey, WantedKey };

export type MakingAnswer = { made: MadeKey; refusal?: undefined } | { made?: undefined; refusal: PlainRefusal };

const answerTimeMax = 60_000;

/** A new key, or why none was made. Rejects with `signing.failed` where the worker could not be started or did not answer. */
export async function makeKeyInWorker(wanted: WantedKey): Promise<MakingAnswer> {
  if (!globalThis.isSecureContext) return { refusal: plain(refuse('signing.needs-https', {})) };
  return askWorker<WantedKey, MakingAnswer>('/assets/make-key-worker.js', wanted, answerTimeMax);
}
