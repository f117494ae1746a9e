// Who may use the hand-over addresses: whoever shows the token. It authorises a look at what is to be countersigned and a post that
// is then checked for the index signature; by itself it publishes nothing (rules.md, "The countersigner").
import { createHash, timingSafeEqual } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import { runtime } from '#lib/server/runtime.ts';

/** Refuses (`handoff.wrong-token`) a request whose Authorization header (hostile) is not our bearer token; in constant time. */
export function requireHandoffToken(authorization: string | undefined): void {
  const shown = /^Bearer ([\x21-\x7e]{1,500})$/.exec(authorization ?? '')?.[1] ?? '';
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(shown), digest(runtime().secrets.handoff))) throw refuse('handoff.wrong-token', {});
}
