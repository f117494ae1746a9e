// Who asks, by a token in the Authorization header (RFC 6750): never by one in an address, which proxies and shells write down. A header that
// holds no good token is refused and not passed over. Hostile input; whoever tries many is asked to wait.
import type { IncomingMessage } from 'node:http';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import { readTokenActor, type TokenActor } from '#lib/server/judge/token.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { readActor } from './session.ts';

type Asking = Pick<IncomingMessage, 'headers' | 'socket'>;

/** Whose token the request shows. Refuses `token.unusable`, `request.too-many`. */
export async function requireToken(asking: Asking): Promise<TokenActor> {
  const token = /^Bearer +([A-Za-z0-9_-]{1,100})$/i.exec(asking.headers.authorization ?? '')?.[1];
  return requireGood(asking, token);
}

/**
 * Whose token it is that a tool for Python's upload API shows: as the password of `__token__` (RFC 7617), and of nobody else.
 * Refuses `token.no-basic` for everything that is no such pair, `token.unusable`, `request.too-many`.
 */
export async function requireBasicToken(asking: Asking): Promise<TokenActor> {
  const encoded = /^Basic +([A-Za-z0-9+/]{1,400}={0,2})$/i.exec(asking.headers.authorization ?? '')?.[1] ?? '';
  const pair = Buffer.from(encoded, 'base64').toString('latin1');
  const token = /^__token__:([A-Za-z0-9_-]{1,100})$/.exec(pair.trim())?.[1];
  if (token === undefined) throw refuse('token.no-basic', {});
  return requireGood(asking, token);
}

async function requireGood({ socket }: Asking, token: string | undefined): Promise<TokenActor> {
  try {
    if (token === undefined) throw refuse('token.unusable', {});
    return await readTokenActor(token);
  } catch (fault) {
    if (isRefusal(fault)) await requireRate('dead-token-by-client', socket.remoteAddress ?? 'unknown');
    throw fault;
  }
}

/** A token counts before a cookie. */
export const readAsking = async (asking: Asking): Promise<Actor> =>
  asking.headers.authorization === undefined ? readActor(asking.headers.cookie) : requireToken(asking);
