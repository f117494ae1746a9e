// The encrypted message of a key that waits for its proof, as the file that was attached to the mail. Only for whoever's key it is.
import { refuse } from '#lib/core/errors.ts';
import { requirePerson, type Actor } from '#lib/core/people.ts';
import { findChallenge } from '#lib/server/judge/key-challenge.ts';
import { findOwnKey } from '#lib/server/judge/own-key.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { Download } from './download.ts';
import { challengeFileName } from './opening-commands.ts';

/** The encrypted message that was mailed, as a file. Refuses `key.not-found`, `key.no-challenge`. */
export async function keyChallengeFile(actor: Actor, fingerprint: string): Promise<Download> {
  const name = requirePerson(actor);
  const { db, clock } = runtime();
  const key = await findOwnKey(db, name, fingerprint);
  const row = await findChallenge(db, name, key.fingerprint, clock.now());
  if (!row?.sealed) throw refuse('key.no-challenge', {});
  return {
    fileName: challengeFileName,
    contentType: 'application/octet-stream',
    bytes: new TextEncoder().encode(row.sealed),
  };
}
