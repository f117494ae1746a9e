// Opening a session: the one place where rows of it are made, whichever way somebody signed in (mail link, passkey). The token is random,
// goes into the cookie and is stored nowhere; the row has its hash.
import { freshMinutes } from '#lib/core/people.ts';
import type { AccountName } from '#lib/core/ids.ts';
import type { Change } from '#lib/server/change.ts';
import { after } from '#lib/server/clock.ts';
import { limits } from '#lib/server/limits.ts';
import { hashToken, makeToken } from '#lib/server/secrets.ts';

/** `token` is for the cookie. */
export type OpenedSession = { person: AccountName; token: string; expiresAt: Date };

/** Opens a session, fresh from now on. `replaces`: the token of the person's session in this browser, which ends. */
export async function openSession(work: Change, person: AccountName, replaces?: string): Promise<OpenedSession> {
  const { tx, now } = work;
  const token = makeToken();
  const expiresAt = after(now, limits.sessionMs);
  const freshUntil = after(now, freshMinutes * 60_000);
  if (replaces !== undefined)
    await tx.session.deleteMany({ where: { tokenHash: hashToken(replaces), personName: person } });
  await tx.session.create({
    data: { tokenHash: hashToken(token), personName: person, createdAt: now, expiresAt, freshUntil },
  });
  await work.record('session.started', { person });
  return { person, token, expiresAt };
}
