// Around every answer: it is counted by its class (/metrics); all but index pages have an id (X-Request-Id) and, with LOG=json, every one has a line: who knows the id finds
// what happened. Addresses are written without what could open something; of who asked nothing is written. The answering itself is somebody else's.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { shownAddress } from '#lib/server/http/shown-address.ts';
import { asRequest, requestId, type ThisRequest } from '#lib/server/http/this-request.ts';
import { log, logsRequests } from '#lib/server/log.ts';
import { countRequest, countUploadBytes, timeRequest, type RequestClass } from '#lib/server/metrics.ts';

type Answering = (req: IncomingMessage, res: ServerResponse) => void;

/** The same answers, each with an id and, where it is wished, a line in the log. */
export const observed =
  (answer: Answering): Answering =>
  (req, res) => {
    const request: ThisRequest = { id: requestId(req.headers['x-request-id']), code: null };
    res.setHeader('X-Request-Id', request.id);
    countAtEnd(req, res);
    if (logsRequests()) tellAtEnd(req, res, request);
    asRequest(request, () => answer(req, res));
  };

const classOf: Readonly<Record<string, RequestClass>> = {
  ...{ api: 'api', handoff: 'handoff', inbox: 'live', assets: 'asset', _next: 'asset' },
  ...{ healthz: 'health', readyz: 'health', version: 'health', metrics: 'health' },
  ...{ uploads: 'upload', legacy: 'upload' },
};

/** By the address alone, which is hostile. */
export function requestClass(method: string | undefined, url: string | undefined): RequestClass {
  const [path = ''] = (url ?? '').split('?');
  if (method === 'POST' && (path.endsWith('/drafts') || path.endsWith('/files'))) return 'upload';
  return classOf[path.split('/')[1] ?? ''] ?? 'page';
}

function countAtEnd(req: IncomingMessage, res: ServerResponse): void {
  const startedAt = performance.now();
  const of = requestClass(req.method, req.url);
  const readBefore = req.socket.bytesRead;
  res.once('close', () => {
    countRequest(of, res.statusCode);
    // Those that wait for something to happen say nothing about speed.
    if (of !== 'live' && of !== 'handoff') timeRequest(of, (performance.now() - startedAt) / 1000);
    if (of === 'upload') countUploadBytes(Math.max(0, req.socket.bytesRead - readBefore));
  });
}

/** An answered index page. */
export const countIndexAnswer = (res: ServerResponse): void => countRequest('index', res.statusCode);

/** One line when the answer is out, or was cut off. */
export function tellAtEnd(req: IncomingMessage, res: ServerResponse, request: ThisRequest | null): void {
  const startedAt = performance.now();
  // Next rewrites the address on the way.
  const { method, url } = req;
  res.once('close', () => {
    const ms = Math.round(performance.now() - startedAt);
    const ended = res.writableFinished ? {} : { cutOff: true };
    const about = { ...(request && { request: request.id }), ...(request?.code && { code: request.code }) };
    log().info({ ...about, method, address: shownAddress(url), status: res.statusCode, ms, ...ended });
  });
}
