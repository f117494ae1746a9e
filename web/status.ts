// How a draft stands, for programs (docs/formats/status.md): by its id, or the newest of a version. `?wait=SECONDS` lets the request hang until
// there is something to say. Asked with a session, or with a token of the project in the Authorization header; never with one in the address,
// which proxies write down. Addresses, headers and cookies are hostile; to whoever may not see it the draft is not there.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readAsking } from '#lib/server/http/token.ts';
import { limits } from '#lib/server/limits.ts';
import { awaitStatus } from '#lib/server/queries/await-status.ts';
import { draftStatus, type DraftStatus, type StatusSubject } from '#lib/server/queries/draft-status.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { goneSignal, readWish } from './hanging-request.ts';
import { transportHeaders } from './headers.ts';
import { isUnchanged } from './page-cache.ts';
import { decodeSegment } from './send-download.ts';
import type { OwnRoute } from './tree.ts';

type Door = { address: RegExp; about: (names: string[]) => StatusSubject };

const doors: Door[] = [
  { address: /^\/drafts\/([^/]+)\/status\.json$/, about: ([draft = '']) => ({ draft }) },
  {
    address: /^\/projects\/([^/]+)\/releases\/([^/]+)\/status\.json$/,
    about: ([project = '', version = '']) => ({ project, version }),
  },
];

/** Answers the status addresses, and leaves everything else alone. */
export const statusRoute: OwnRoute = async (req, res) => {
  if (req.method !== 'GET' && req.method !== 'HEAD') return false;
  const [address = ''] = (req.url ?? '/').split('?');
  for (const { address: pattern, about } of doors) {
    const names = pattern.exec(address)?.slice(1).map(decodeSegment);
    if (names === undefined) continue;
    await requireRate('status-read-by-client', req.socket.remoteAddress ?? 'unknown');
    const asking = await readAsking(req);
    const wish = readWish(req, limits.statusWaitSecondsMax);
    const status = await awaitStatus(() => draftStatus(asking, about(names)), wish, goneSignal(res));
    send(req, res, status);
    return true;
  }
  return false;
};

function send(req: IncomingMessage, res: ServerResponse, status: DraftStatus): void {
  if (res.destroyed) return;
  const etag = `"${status.mark}"`;
  const always = {
    ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cache-Control': 'private, no-cache',
    Vary: 'Authorization, Cookie',
    ETag: etag,
  };
  if (isUnchanged(req.headers['if-none-match'], etag)) return void res.writeHead(304, always).end();
  const body = `${JSON.stringify(status, null, 2)}\n`;
  const length = { 'Content-Length': String(Buffer.byteLength(body)) };
  res.writeHead(200, { ...always, ...length, 'Content-Type': 'application/json' });
  res.end(req.method === 'HEAD' ? undefined : body);
}
