// next-auth, behind this one module. It reads sessions, makes CSRF tokens and signs out; it signs nobody in: links and their
// button are ours (commands/request-sign-in, confirm-sign-in), because its e-mail provider acts on GET, which mail scanners do.
// So there is no provider, and of its routes only three are reachable; `signin` and `callback` answer 404.
// Trusts the session rows through the adapter below, which hashes each token before it asks the database.

import 'server-only';
import NextAuth, { type AuthOptions } from 'next-auth';
import type { Adapter } from 'next-auth/adapters';
import { signOut } from '#lib/server/commands/sign-out.ts';
import { findSession, sessionCookieName, sessionCookieOptions } from '#lib/server/http/session.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';

const reachable = ['session', 'csrf', 'signout'];

const adapter: Adapter = {
  getSessionAndUser: async (sessionToken) => {
    const session = await findSession(sessionToken);
    if (!session) return null;
    const user = { id: session.person, email: '', emailVerified: null, freshUntil: session.freshUntil };
    return { user, session: { sessionToken, userId: session.person, expires: session.expiresAt } };
  },
  deleteSession: async (sessionToken) => signOut({ kind: 'visitor' }, { token: sessionToken }),
};

/** Made for each request: the settings are only known once the program has opened the runtime. */
export function authOptions(): AuthOptions {
  const sessionSeconds = limits.sessionMs / 1000;
  return {
    adapter,
    providers: [],
    secret: runtime().secrets.session,
    session: { strategy: 'database', maxAge: sessionSeconds, updateAge: sessionSeconds },
    useSecureCookies: sessionCookieOptions().secure,
    cookies: { sessionToken: { name: sessionCookieName(), options: sessionCookieOptions() } },
    pages: { signIn: '/sign-in', signOut: '/account', error: '/sign-in' },
    callbacks: {
      session: ({ session, user }) => ({
        ...session,
        user: { name: user.id },
        freshUntil: Number(Reflect.get(user, 'freshUntil')),
      }),
    },
  };
}

type RouteContext = { params: Promise<{ nextauth: string[] }> };

/** The route handler: three of next-auth's routes, 404 for every other. */
export async function answerAuth(request: Request, context: RouteContext): Promise<Response> {
  const { nextauth } = await context.params;
  const isReachable = nextauth.length === 1 && reachable.includes(nextauth[0] ?? '');
  if (!isReachable) return new Response('There is nothing at this address.\n', { status: 404 });
  return (await NextAuth(request as never, context as never, authOptions())) as Response;
}
