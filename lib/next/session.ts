// Who asks, in pages, actions and Next's routes; and setting and clearing the cookie of a session. Asked once a request.
// A cookie is hostile: it is a token that opens a session or nothing. Authorisation is not here but in each command and query.

import 'server-only';
import { getServerSession } from 'next-auth';
import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import { readAccountName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { signOut } from '#lib/server/commands/sign-out.ts';
import type { OpenedSession } from '#lib/server/judge/open-session.ts';
import { sessionCookieName, sessionCookieOptions } from '#lib/server/http/session.ts';
import { authOptions } from './auth.ts';

/** The person of the session cookie, else a visitor. */
export const currentActor = cache(async (): Promise<Actor> => {
  const session = await getServerSession(authOptions());
  const name = session?.user?.name;
  if (!name) return { kind: 'visitor' };
  return { kind: 'person', name: readAccountName(name), freshUntil: Number(Reflect.get(session, 'freshUntil')) };
});

/** Gives the browser the cookie of a session that was just opened. Only in actions and routes. */
export async function keepSession(signedIn: OpenedSession): Promise<void> {
  const options = { ...sessionCookieOptions(), expires: signedIn.expiresAt };
  (await cookies()).set(sessionCookieName(), signedIn.token, options);
}

/** The token of this browser's session cookie, whatever it opens. */
export const currentToken = async (): Promise<string | undefined> => (await cookies()).get(sessionCookieName())?.value;

/** Ends the session of this browser and takes its cookie back. Only in actions and routes. */
export async function endSession(): Promise<void> {
  const jar = await cookies();
  const token = jar.get(sessionCookieName())?.value;
  if (token !== undefined) await signOut(await currentActor(), { token });
  jar.set(sessionCookieName(), '', { ...sessionCookieOptions(), maxAge: 0 });
}

/** The network address that asks, for rate limits. web/headers.ts overwrites what the client claims here. */
export async function clientAddress(): Promise<string> {
  return (await headers()).get('x-forwarded-for') ?? 'unknown';
}
