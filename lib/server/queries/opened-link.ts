// What the page behind the link of an opened message says before its button is pressed. Reading changes nothing. Somebody who is not signed
// in is told to do so without the token going through a sign-in link; another account learns only that it is not the one.
import { isRefusal } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { findOpened } from '#lib/server/judge/key-challenge.ts';
import { findOwnKey } from '#lib/server/judge/own-key.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';

export type OpenedLink =
  | { state: 'usable'; account: string; fingerprint: Fingerprint; userId: string }
  | { state: 'signed-out' | 'of-another' | 'unusable' };

/** Never refuses: a link that cannot be used is an answer. */
export async function openedLink(actor: Actor, claimedKey: string, token: string): Promise<OpenedLink> {
  if (actor.kind !== 'person') return { state: 'signed-out' };
  const { db, clock } = runtime();
  try {
    const challenge = await findOpened(db, actor.name, hashToken(token), clock.now());
    const { fingerprint, facts } = await findOwnKey(db, actor.name, claimedKey);
    if (challenge.keyFingerprint !== fingerprint) return { state: 'unusable' };
    return { state: 'usable', account: actor.name, fingerprint, userId: facts.userIds[0] ?? '' };
  } catch (fault) {
    if (!isRefusal(fault)) throw fault;
    return { state: fault.code === 'key.token-of-another' ? 'of-another' : 'unusable' };
  }
}
