// Who asks, by the session cookie. The cookie holds a random token; the row holds only its hash, so that a stolen database
// signs nobody in. web/main.ts asks here for its own routes, lib/next through next-auth; both end at `findSession`.
// Behind HTTPS the cookie's name makes the browser refuse it over plain HTTP.
import { readAccountName, type AccountName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';

/** `freshUntil`: milliseconds, until when it may be used for sensitive acts (core/people.ts). */
export type OpenSession = { person: AccountName; expiresAt: Date; freshUntil: number };

const isSecure = (): boolean => runtime().config.publicUrl.startsWith('https:');

/** The name that next-auth gives the cookie too. */
export const sessionCookieName = (): string => `${isSecure() ? '__Secure-' : ''}next-auth.session-token`;

/** How the cookie is set: never readable by scripts, never sent along by another site's form. */
export const sessionCookieOptions = () => ({ httpOnly: true, sameSite: 'lax' as const, secure: isSecure(), path: '/' });

/** The session of a token, or null: unknown, ended, or over. */
export async function findSession(token: string): Promise<OpenSession | null> {
  const { db, clock } = runtime();
  const row = await db.session.findUnique({ where: { tokenHash: hashToken(token) } });
  if (!row || row.expiresAt <= clock.now()) return null;
  return {
    person: readAccountName(row.personName),
    expiresAt: row.expiresAt,
    freshUntil: row.freshUntil?.getTime() ?? 0,
  };
}

/** The token in a Cookie header (hostile), or null. Two cookies of the name are none: one of them was planted. */
export function readSessionToken(cookieHeader: string | undefined): string | null {
  const prefix = `${sessionCookieName()}=`;
  const values = (cookieHeader ?? '').split(';').map((part) => part.trim());
  const found = values.filter((part) => part.startsWith(prefix)).map((part) => part.slice(prefix.length));
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** Who sends a request with this Cookie header. */
export async function readActor(cookieHeader: string | undefined): Promise<Actor> {
  const token = readSessionToken(cookieHeader);
  const session = token === null ? null : await findSession(token);
  if (!session) return { kind: 'visitor' };
  return { kind: 'person', name: session.person, freshUntil: session.freshUntil };
}

/** What next-auth reads from the environment; the program sets it before Next starts, so that no request decides it. */
export const authEnvironment = (): Record<string, string> => ({ NEXTAUTH_URL: runtime().config.publicUrl });
