// Opening a session: the one place where rows of it are made, whichever way somebody signed in (mail link, passkey). The token is random,
// goes into the cookie and is stored nowhere; the row has its hash.
import { freshMinutes } from '#lib/core/people.ts';
import type { AccountName } from '#lib/core/ids.ts';
import type { Change } from '#lib/server/change.ts';
import { after } from '#lib/server/clock.ts';
import { sessionStartedLetter } from '#lib/server/mail/letters/session-started.ts';
import { limits } from '#lib/server/limits.ts';
import { hashToken, makeToken } from '#lib/server/secrets.ts';
import { tellPeople } from './tell-people.ts';

/** `token` is for the cookie. */
export type OpenedSession = { person: AccountName; token: string; expiresAt: Date };

export type Arrival = {
  person: AccountName;
  way: 'mail' | 'passkey';
  /** The network address that the web program saw. */
  client: string;
  /** This browser was signed in as the person already, or the account was made just now: nothing that they need to be told. */
  isKnown: boolean;
  /** The token of the person's session in this browser, which ends. */
  replaces?: string | undefined;
};

/** Opens a session, fresh from now on. The person hears of it by mail, unless it is in a browser where they were signed in already. */
export async function openSession(work: Change, arrival: Arrival): Promise<OpenedSession> {
  const { tx, now } = work;
  const { person, way, client, isKnown, replaces } = arrival;
  const token = makeToken();
  const expiresAt = after(now, limits.sessionMs);
  const freshUntil = after(now, freshMinutes * 60_000);
  if (replaces !== undefined)
    await tx.session.deleteMany({ where: { tokenHash: hashToken(replaces), personName: person } });
  await tx.session.create({
    data: { tokenHash: hashToken(token), personName: person, createdAt: now, expiresAt, freshUntil },
  });
  await work.record('session.started', { person });
  if (!isKnown) await tellPeople(work, [person], () => sessionStartedLetter({ person, at: now, way, client }));
  return { person, token, expiresAt };
}

/** The actor is this person already, by the session of this browser. */
export const isHere = ({ actor }: Change, person: AccountName): boolean =>
  actor.kind === 'person' && actor.name === person;
