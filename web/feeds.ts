// Feeds (RFC 4287): the public one of a project, and the one of a person below an address that only they know. Read by programs that send no
// cookie; a session opens nothing more here. The secret address answers 404 once it is ended, is never stored by a cache, and is
// sent on to nobody (no referrer). Asking changes nothing.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { renderAtom, type AtomFeed } from '#lib/server/feeds/atom.ts';
import { personFeed, projectFeed } from '#lib/server/queries/feeds.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { transportHeaders } from './headers.ts';
import { isUnchanged } from './page-cache.ts';
import { revalidate } from '#lib/server/http/caching.ts';
import type { OwnRoute } from './tree.ts';

type Door = { address: RegExp; find: (name: string) => Promise<AtomFeed>; cacheControl: string };

const doors: Door[] = [
  {
    address: /^\/projects\/([a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){0,99})\/feed\.atom$/,
    find: (name) => projectFeed(name),
    cacheControl: revalidate,
  },
  {
    address: /^\/feeds\/([A-Za-z0-9_-]{1,100})\.atom$/,
    find: (token) => personFeed(token),
    cacheControl: 'private, no-store',
  },
];

/** Answers the feeds, and leaves everything else alone. */
export const feedRoute: OwnRoute = async (req, res) => {
  if (req.method !== 'GET' && req.method !== 'HEAD') return false;
  const [address = ''] = (req.url ?? '/').split('?');
  for (const { address: pattern, find, cacheControl } of doors) {
    const name = pattern.exec(address)?.[1];
    if (name === undefined) continue;
    await requireRate('feed-read-by-client', req.socket.remoteAddress ?? 'unknown');
    send(req, res, renderAtom(await find(name)), cacheControl);
    return true;
  }
  return false;
};

type Rendered = ReturnType<typeof renderAtom>;

function send(req: IncomingMessage, res: ServerResponse, { body, etag }: Rendered, cacheControl: string): void {
  const always = {
    ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cache-Control': cacheControl,
    ETag: etag,
  };
  if (isUnchanged(req.headers['if-none-match'], etag)) return void res.writeHead(304, always).end();
  const length = { 'Content-Length': String(Buffer.byteLength(body)) };
  res.writeHead(200, { ...always, ...length, 'Content-Type': 'application/atom+xml; charset=utf-8' });
  res.end(req.method === 'HEAD' ? undefined : body);
}
