// /preview/TOKEN/…: one revision of a draft as an index of its own, for pip and uv before anything is published. The token alone opens it; no cookie and
// no header is read, so there is nothing that another site could use. GET and HEAD only, and nothing is changed or noted by them. No cache keeps
// what is here and no robot lists it; a dead address says why, and whoever tries many is asked to wait.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRefusal } from '#lib/core/errors.ts';
import { answerRefusal, asRefusal } from '#lib/server/http/refusal.ts';
import {
  previewFile,
  previewList,
  previewMetadata,
  previewPage,
  requirePreview,
  type PreviewedFile,
} from '#lib/server/queries/preview-index.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { transportHeaders } from './headers.ts';
import { readIndexAddress, type IndexPlace } from './index-address.ts';
import { chooseRepresentation } from './negotiate.ts';
import { sendBytes, sendStored } from './send-download.ts';
import type { OwnRoute } from './tree.ts';

const address = /^\/preview\/([A-Za-z0-9_-]{1,100})(\/.*)?$/;

type Asked = { req: IncomingMessage; res: ServerResponse; token: string };

/** Answers what is below /preview/, and leaves everything else alone. */
export const previewRoute: OwnRoute = async (req, res) => {
  const [asked = ''] = (req.url ?? '/').split('?');
  const [, token, rest = '/'] = address.exec(asked) ?? [];
  if (token === undefined) return false;
  res.setHeader('X-Robots-Tag', 'noindex, nofollow');
  try {
    await answer({ req, res, token }, rest);
  } catch (fault) {
    if (res.headersSent) res.destroy();
    else await sayRefusal({ req, res, token }, fault);
  }
  return true;
};

async function answer(asked: Asked, rest: string): Promise<void> {
  const { req, token } = asked;
  if (req.method !== 'GET' && req.method !== 'HEAD')
    return say(asked, 405, 'Here files are only read.', { Allow: 'GET, HEAD' });
  await requireRate('preview-read-by-client', req.socket.remoteAddress ?? 'unknown');
  const place = readIndexAddress(rest);
  if (place?.kind === 'redirect') return redirect(asked, place.location);
  if (place?.kind === 'page') return sendPage(asked, place);
  if (place?.kind === 'file') return sendFileAt(asked, place);
  await requirePreview(token);
  say(asked, 404, nothing);
}

/** A file of the draft, or METADATA that stands beside it. */
async function sendFileAt({ req, res, token }: Asked, place: IndexPlace & { kind: 'file' }): Promise<void> {
  const { name, isMetadata } = splitName(place.name);
  const wanted: PreviewedFile = { sha256: place.sha256, name };
  if (isMetadata) sendBytes(req, res, await previewMetadata(token, wanted));
  else await sendStored(req, res, await previewFile(token, wanted));
}

const nothing = 'There is nothing here but /simple/ and the files that it names.';

function splitName(name: string): { name: string; isMetadata: boolean } {
  const isMetadata = name.endsWith('.metadata');
  return { name: isMetadata ? name.slice(0, -'.metadata'.length) : name, isMetadata };
}

/** To the one spelling of an address (PEP 503), below the same token, if there is one. */
async function redirect(asked: Asked, location: string): Promise<void> {
  await requirePreview(asked.token);
  say(asked, 302, 'See the address with its one spelling.', { Location: `/preview/${asked.token}${location}` });
}

async function sendPage(asked: Asked, { segments }: IndexPlace & { kind: 'page' }): Promise<void> {
  const { req, res, token } = asked;
  const representation = chooseRepresentation(req.headers.accept);
  if (representation === null)
    return say(asked, 406, 'This page comes as text/html and as application/vnd.pypi.simple.v1+json (PEP 691).');
  const form = representation.file === 'index.json' ? 'json' : 'html';
  const [, project] = segments;
  const body = project === undefined ? await previewList(token, form) : await previewPage(token, project, form);
  if (body === null) return say(asked, 404, nothing);
  const length = { 'Content-Length': String(Buffer.byteLength(body)) };
  res.writeHead(200, { ...always(), ...length, 'Content-Type': representation.contentType, Vary: 'Accept' });
  res.end(req.method === 'HEAD' ? undefined : body);
}

const always = (): Record<string, string> => ({
  ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
  'Cache-Control': 'private, no-store',
  'Content-Security-Policy': "sandbox; default-src 'none'",
});

/** One readable line: pip shows the status, people with curl read the rest. */
function say({ req, res }: Asked, status: number, sentence: string, headers: Record<string, string> = {}): void {
  const body = `${sentence}\n`;
  const length = { 'Content-Length': String(Buffer.byteLength(body)) };
  res.writeHead(status, { ...always(), ...length, 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  res.end(req.method === 'HEAD' ? undefined : body);
}

async function sayRefusal(asked: Asked, fault: unknown): Promise<void> {
  const refusal = await afterTrying(asked, asRefusal(fault));
  const { status, headers } = answerRefusal(refusal);
  const retry = Object.entries(headers).filter(([name]) => name.toLowerCase() === 'retry-after');
  say(asked, status, refusal.message, Object.fromEntries(retry));
}

/** Whoever asks for many addresses that are none is told to wait instead. */
async function afterTrying({ req }: Asked, refusal: ReturnType<typeof asRefusal>): Promise<typeof refusal> {
  if (refusal.code !== 'preview.not-found') return refusal;
  try {
    await requireRate('dead-link-by-client', req.socket.remoteAddress ?? 'unknown');
    return refusal;
  } catch (fault) {
    if (isRefusal(fault)) return fault;
    throw fault;
  }
}
