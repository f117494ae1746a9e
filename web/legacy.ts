// The upload door of twine and uv (docs/formats/legacy-upload.md): POST /legacy/, one file a request, a token as the password. The answers are those
// that both look for: the status, and the sentence also in the reason phrase; nothing is ever a redirect. A session is not looked at. Refuses before
// the file is received where the token may not.
import { createHash } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { httpStatus, type Refusal } from '#lib/core/errors.ts';
import { uploadFile, type UploadedFile } from '#lib/server/commands/upload-file.ts';
import { keepingRefusedChange } from '#lib/server/history/refused-change.ts';
import { receiveLegacyUpload } from '#lib/server/http/receive-legacy.ts';
import { answerRefusal, asRefusal } from '#lib/server/http/refusal.ts';
import { requireBasicToken } from '#lib/server/http/token.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import type { TokenActor } from '#lib/server/judge/token.ts';
import { draftStatus } from '#lib/server/queries/draft-status.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { finishReading } from './finish-reading.ts';
import { transportHeaders } from './headers.ts';
import type { OwnRoute } from './tree.ts';

// Without the slash as well: a redirect would end both tools.
const address = /^\/legacy\/?$/;

/** Answers `POST /legacy/`, and says so to every other method. */
export const legacyRoute: OwnRoute = async (req, res) => {
  const [asked = ''] = (req.url ?? '/').split('?');
  if (!address.test(asked)) return false;
  try {
    if (req.method !== 'POST') answerOther(req, res);
    else answer(req, res, { status: 200, says: await keepingRefusedChange(() => receive(req)) });
  } catch (fault) {
    answerRefused(req, res, asRefusal(fault));
  } finally {
    finishReading(req);
  }
  return true;
};

const howTo = (): string =>
  `Files are uploaded here with “twine upload --repository-url ${runtime().config.publicUrl}/legacy/” or “uv publish --publish-url ${runtime().config.publicUrl}/legacy/”.`;

/** Every other method: in one line for tools, which ask for JSON or for anything, and as a page for a browser. */
function answerOther(req: IncomingMessage, res: ServerResponse): void {
  const accept = req.headers.accept ?? '';
  const isBrowser = accept.includes('text/html') && !accept.includes('application/json');
  const type = { 'Content-Type': 'text/html; charset=utf-8', Vary: 'Accept' };
  const policy = { 'Content-Security-Policy': `sandbox; default-src 'none'; style-src '${lookDigest}'` };
  if (!isBrowser) return answer(req, res, { status: 405, says: howTo(), headers: { Allow: 'POST' } });
  answer(req, res, { status: 405, says: howTo(), headers: { Allow: 'POST', ...type, ...policy }, page: howToPage() });
}

const look =
  'body{max-width:44rem;margin:12vh auto;padding:0 1.5rem;font:1.0625rem/1.6 system-ui,sans-serif}h1{font-weight:400}code{overflow-wrap:anywhere}a{color:inherit}';
const lookDigest = `sha256-${createHash('sha256').update(look).digest('base64')}`;

/** Nothing in it is of strangers: the address of this instance is a URL that was read at start. */
function howToPage(): string {
  const door = `${runtime().config.publicUrl}/legacy/`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>For twine and uv</title><style>${look}</style></head>
<body><main><h1>This address is for twine and uv</h1>
<p>There is nothing to see here: tools upload the files of a release to it, into a draft. They ask for a token as the password.</p>
<p><code>twine upload --repository-url ${door} --username __token__ dist/*</code></p>
<p><code>uv publish --publish-url ${door} dist/*</code></p>
<p><a href="/docs/formats/legacy-upload">How it works</a> · <a href="/account/tokens">Make a token</a> · <a href="/">To the start</a></p>
</main></body></html>
`;
}

async function receive(req: IncomingMessage): Promise<string> {
  const token = await requireBasicToken(req);
  await requireRate('request-by-token', token.id);
  const received = await receiveLegacyUpload({ headers: req.headers, body: req }, async (project) => {
    await requireRight(runtime().db, token, 'draft.open', project);
  });
  return sayUploaded(token, await uploadFile(token, received));
}

/** What became of it, for somebody who reads the output of a tool. */
async function sayUploaded(token: TokenActor, uploaded: UploadedFile): Promise<string> {
  const { draft, project, version, name, did, outcomes, noSignature } = uploaded;
  const { revision, counted, required } = await draftStatus(token, { draft });
  const where = `the draft of ${project} ${version}, revision ${revision}`;
  const done = { opened: `opened ${where}`, added: `is in ${where}`, 'already-there': `was there already: ${where}` };
  const signature = outcomes.map(({ result, says }) =>
    result === 'refused' ? `The signature does not count: ${says}` : `The signature: ${says}`,
  );
  const none = noSignature === null ? [] : [`The signature was not taken: ${noSignature.message}`];
  const lines = [`${name} ${done[did]}: ${counted.length} of ${required} have signed.`, ...signature, ...none];
  return [...lines, `${runtime().config.publicUrl}/drafts/${draft}`].join('\n');
}

type Answer = { status: number; says: string; code?: string; headers?: Record<string, string>; page?: string };

/**
 * Statuses by which twine and uv act: 409 is "there already" to both, so nothing else is answered with it; what the rules refuse is a 400, as at
 * other indexes. Everything else is as everywhere.
 */
function statusOf({ kind }: Refusal): number {
  const isOfRules = kind === 'conflict' || kind === 'refused' || kind === 'needs-answer';
  return isOfRules ? httpStatus.invalid : httpStatus[kind];
}

function answerRefused(req: IncomingMessage, res: ServerResponse, refusal: Refusal): void {
  if (res.headersSent) return void res.destroy();
  const status = statusOf(refusal);
  const { 'Retry-After': later } = answerRefusal(refusal).headers;
  const headers = {
    ...(status === 401 && { 'WWW-Authenticate': `Basic realm="${runtime().indexName}", charset="UTF-8"` }),
    ...(later !== undefined && { 'Retry-After': later }),
  };
  answer(req, res, { status, says: refusal.message, code: refusal.code, headers });
}

/** In the words that twine shows (the reason phrase) and that uv shows (`code` of JSON, or the text). */
function answer(req: IncomingMessage, res: ServerResponse, { status, says, code, headers = {}, page }: Answer): void {
  const wantsJson = (req.headers.accept ?? '').includes('application/json');
  const title = STATUS_CODES[status] ?? '';
  const told = { message: says, code: `${status} ${says}`, title, ...(code !== undefined && { reason: code }) };
  const body = page ?? (wantsJson ? `${JSON.stringify(told)}\n` : `${says}\n`);
  res.writeHead(status, status === 200 ? 'OK' : reasonPhrase(says), {
    ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cache-Control': 'no-store',
    // uv reads JSON only where the type is this and nothing more.
    'Content-Type': wantsJson ? 'application/json' : 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  });
  res.end(body);
}

const plain: Readonly<Record<string, string>> = { '“': '"', '”': '"', '’': "'", '…': '...', '–': '-' };

/** A reason phrase (RFC 9112, 4) holds one line of ASCII here: the sentence is partly somebody else's text. */
const reasonPhrase = (says: string): string =>
  says
    .slice(0, 400)
    .replace(/[“”’…–]/g, (character) => plain[character] ?? '?')
    .replace(/[^ -~]/g, '?');
