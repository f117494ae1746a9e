// The doors of programs, /api/v1/… (docs/formats/api.md). What each address takes, does and answers is a row of lib/server/api; here is only HTTP: the
// token in the Authorization header and nothing else, so that no cookie is read and another site's form has nothing to use; the headers; the
// bytes. The description of it all (openapi.json) is for everybody. Bodies are read only once it is known who sends them. GET and HEAD change nothing but when the token was used last.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse } from '#lib/core/errors.ts';
import { answerDoor } from '#lib/server/api/answer-door.ts';
import { isReading, type Answered } from '#lib/server/api/door.ts';
import { doors } from '#lib/server/api/doors.ts';
import { apiRoot, findDoor } from '#lib/server/api/find-door.ts';
import { etagOf, renderJson } from '#lib/server/api/if-match.ts';
import { openApiDocument } from '#lib/server/api/openapi.ts';
import { answerRefusal, asRefusal } from '#lib/server/http/refusal.ts';
import { requireToken } from '#lib/server/http/token.ts';
import { spendRate, type RateLeft } from '#lib/server/rate-limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { finishReading } from './finish-reading.ts';
import { transportHeaders } from './headers.ts';
import { isUnchanged } from './page-cache.ts';
import { sendBytes, sendStored } from './send-download.ts';
import type { OwnRoute } from './tree.ts';

/** Answers what is below /api/v1/. */
export const apiRoute: OwnRoute = async (req, res) => {
  const [address = ''] = (req.url ?? '/').split('?');
  if (!address.startsWith(apiRoot)) return false;
  try {
    await answer(req, res, address.slice(apiRoot.length));
  } catch (fault) {
    if (res.headersSent) res.destroy();
    else sendRefusal(res, fault);
  } finally {
    finishReading(req);
  }
  return true;
};

async function answer(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
  const method = req.method ?? '';
  if (path === 'openapi.json' && (method === 'GET' || method === 'HEAD'))
    return send(req, res, { json: runtime().api ?? openApiDocument(doors, runtime().config) }, true);
  const found = findDoor(method, path);
  if ('allowed' in found) {
    const allowed = found.allowed.join(', ');
    if (allowed !== '') res.setHeader('Allow', allowed);
    throw refuse('api.no-such', { method, allowed });
  }
  const actor = await requireToken(req);
  const left = await spendRate('request-by-token', actor.id);
  for (const [name, value] of Object.entries(rateHeaders(left))) res.setHeader(name, value);
  if (left.remaining === null) throw refuse('request.too-many', { minutes: Math.ceil(left.resetSeconds / 60) });
  const { door, names } = found;
  await send(req, res, await answerDoor(door, { req, actor, names }), isReading(door));
}

/** draft-ietf-httpapi-ratelimit-headers-10: how often within the window, how many are left, when it begins anew. */
const rateHeaders = ({ limit, windowSeconds, remaining, resetSeconds }: RateLeft): Record<string, string> => ({
  'RateLimit-Policy': `"token";q=${limit};w=${windowSeconds}`,
  RateLimit: `"token";r=${remaining ?? 0};t=${resetSeconds}`,
});

async function send(req: IncomingMessage, res: ServerResponse, answered: Answered, isRead: boolean): Promise<void> {
  if ('bytes' in answered) return sendBytes(req, res, answered.bytes);
  if ('stored' in answered) return sendStored(req, res, answered.stored);
  if ('empty' in answered)
    return void res.writeHead(answered.empty.status, { ...always(), ...answered.empty.headers }).end();
  const body = renderJson(answered.json);
  const etag = etagOf(body);
  const headers = { ...always(), ...answered.headers, ...(isRead && { ETag: etag }) };
  if (isRead && isUnchanged(req.headers['if-none-match'], etag)) return void res.writeHead(304, headers).end();
  const length = String(Buffer.byteLength(body));
  res.writeHead(answered.status ?? 200, { ...headers, 'Content-Type': 'application/json', 'Content-Length': length });
  res.end(req.method === 'HEAD' ? undefined : body);
}

const always = (): Record<string, string> => ({
  ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'Cache-Control': 'private, no-store',
});

function sendRefusal(res: ServerResponse, fault: unknown): void {
  const { status, headers, body } = answerRefusal(asRefusal(fault));
  res.writeHead(status, { ...always(), ...headers }).end(JSON.stringify(body));
}
