// The hand-over addresses: what the countersigner pulls and posts. Only the bearer token opens them, before anything of the request is
// read; bodies are bounded while they arrive; what is posted is checked for the index signature further in. No page, no cookie, no cache.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse } from '#lib/core/errors.ts';
import { acceptResults, handbackBytesMax } from '#lib/server/handoff/accept-results.ts';
import { bundleOfDraft, fileForHandoff } from '#lib/server/handoff/bundle-of-draft.ts';
import { bundleOfProject } from '#lib/server/handoff/bundle-of-project.ts';
import { keepFindings } from '#lib/server/handoff/findings.ts';
import { awaitQueue } from '#lib/server/handoff/await-queue.ts';
import { requireHandoffToken } from '#lib/server/handoff/token.ts';
import { limits } from '#lib/server/limits.ts';
import { goneSignal, readWish } from './hanging-request.ts';
import { readBody } from './read-body.ts';
import { sendFile } from './send-file.ts';
import type { OwnRoute } from './tree.ts';

type Work = (req: IncomingMessage, res: ServerResponse, name: string) => Promise<void>;

const findingsBytesMax = 4 * 1024 ** 2;
const always = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

const routes: readonly [method: string, address: RegExp, work: Work][] = [
  [
    'GET',
    /^\/handoff\/queue()$/,
    async (req, res) => sendJson(res, await awaitQueue(readWish(req, limits.handoffWaitSecondsMax), goneSignal(res))),
  ],
  ['GET', /^\/handoff\/projects\/([a-z0-9-]+)$/, async (_, res, name) => sendZip(res, await bundleOfProject(name))],
  ['GET', /^\/handoff\/drafts\/([0-9a-f]+)$/, async (_, res, id) => sendZip(res, await bundleOfDraft(id))],
  ['GET', /^\/handoff\/files\/([0-9a-f]+)$/, sendStored],
  [
    'POST',
    /^\/handoff\/results()$/,
    async (req, res) => sendJson(res, await acceptResults(await readBody(req, handbackBytesMax))),
  ],
  [
    'POST',
    /^\/handoff\/findings()$/,
    async (req, res) => sendJson(res, await keepFindings(await readBody(req, findingsBytesMax))),
  ],
];

/** Answers every address under /handoff/, and leaves all others alone. */
export const handoffRoute: OwnRoute = async (req, res) => {
  const [address = ''] = (req.url ?? '/').split('?');
  if (!address.startsWith('/handoff/')) return false;
  requireHandoffToken(req.headers.authorization);
  for (const [method, pattern, work] of routes) {
    const name = pattern.exec(address)?.[1];
    if (req.method !== method || name === undefined) continue;
    await work(req, res, name);
    return true;
  }
  throw refuse('handoff.no-such', { what: 'address here' });
};

async function sendStored(req: IncomingMessage, res: ServerResponse, name: string): Promise<void> {
  const { sha256, path } = await fileForHandoff(name);
  const headers = { ...always, 'Content-Type': 'application/octet-stream' };
  if (!(await sendFile(req, res, { path, headers, etag: `"${sha256}"` })))
    throw refuse('handoff.no-such', { what: 'file with this digest' });
}

function sendJson(res: ServerResponse, answer: object): void {
  send(res, 'application/json', Buffer.from(JSON.stringify(answer)));
}

function sendZip(res: ServerResponse, bytes: Uint8Array): void {
  send(res, 'application/zip', bytes);
}

function send(res: ServerResponse, contentType: string, bytes: Uint8Array): void {
  res.writeHead(200, { ...always, 'Content-Type': contentType, 'Content-Length': String(bytes.length) }).end(bytes);
}
