// The personal links of mails, /d/TOKEN, for browsers and for curl, and the files of the page that they lead to. A browser gets a short-lived
// cookie and an address without the token, at once; curl gets the statement, the files, and a door for signatures, each answer one readable
// line of text. GET and HEAD write nothing, however often a scanner asks. No cookie is read at /d/: the token alone says whose link it is, so
// there is nothing that another site's form could use.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpStatus, isRefusal, type Refusal } from '#lib/core/errors.ts';
import { linkedPath, readLinkCookie, setLinkCookie } from '#lib/server/http/link-cookie.ts';
import { receiveSignature } from '#lib/server/http/receive-signature.ts';
import { answerRefusal, asRefusal } from '#lib/server/http/refusal.ts';
import { findLinkByToken, type LinkActor } from '#lib/server/judge/personal-link.ts';
import { plain } from '#lib/server/mail/compose.ts';
import { draftFile, statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { finishReading } from './finish-reading.ts';
import { transportHeaders } from './headers.ts';
import { decodeSegment, sendBytes, sendStored } from './send-download.ts';
import type { OwnRoute } from './tree.ts';

type Asked = { req: IncomingMessage; res: ServerResponse; token: string; name: string };
type Door = { address: RegExp; methods: readonly string[]; answer: (asked: Asked) => Promise<void> };

const reading = ['GET', 'HEAD'];
const doors: readonly Door[] = [
  { address: /^\/d\/([^/]+)\/?()$/, methods: reading, answer: openInBrowser },
  { address: /^\/d\/([^/]+)\/SHA256SUMS()$/, methods: reading, answer: async (asked) => sendStatement(asked) },
  { address: /^\/d\/([^/]+)\/files\/([^/]+)$/, methods: reading, answer: async (asked) => sendFileOf(asked) },
  { address: /^\/d\/([^/]+)\/signatures\/?([^/]*)$/, methods: ['PUT', 'POST'], answer: takeSignature },
];
const pageFiles = /^\/for-you\/([0-9a-f]{12})\/(?:(SHA256SUMS)|files\/([^/]+))$/;

/** Answers what is below /d/, and the files of the pages below /for-you/. */
export const personalLinkRoute: OwnRoute = async (req, res) => {
  const [address = ''] = (req.url ?? '/').split('?');
  if (address.startsWith('/d/')) {
    await answerLink(req, res, address);
    return true;
  }
  const found = reading.includes(req.method ?? '') ? pageFiles.exec(address) : null;
  if (found === null) return false;
  await answerPageFile(req, res, found);
  return true;
};

async function answerPageFile(req: IncomingMessage, res: ServerResponse, found: RegExpExecArray): Promise<void> {
  const [, draft = '', statement, file = ''] = found;
  const link = await readLinkCookie(req.headers.cookie, draft);
  if (statement === undefined) await sendStored(req, res, await draftFile(link, draft, decodeSegment(file)));
  else sendBytes(req, res, await statementBytes(link, draft));
}

async function answerLink(req: IncomingMessage, res: ServerResponse, address: string): Promise<void> {
  try {
    const door = doors.find((one) => one.address.test(address));
    if (door === undefined)
      return sayLine(res, 404, 'There is nothing at this address. Copy the line whole from the mail.');
    if (!door.methods.includes(req.method ?? ''))
      return sayLine(res, 405, wrongMethod(door), { Allow: door.methods.join(', ') });
    const [, token = '', name = ''] = door.address.exec(address) ?? [];
    await door.answer({ req, res, token, name: decodeSegment(name) });
  } catch (fault) {
    if (res.headersSent) return void res.destroy();
    sayRefusal(res, asRefusal(fault));
  } finally {
    finishReading(req);
  }
}

const wrongMethod = ({ methods }: Door): string =>
  methods === reading
    ? 'This address is only read. A signature goes to the address that ends in /signatures.'
    : 'Signatures are sent here: curl -T FILE.asc and this address.';

/** Whose link it is. Whoever tries many that are none is asked to wait. */
async function findLink({ req, token }: Asked): Promise<LinkActor> {
  try {
    return await findLinkByToken(token);
  } catch (fault) {
    if (isRefusal(fault)) await requireRate('dead-link-by-client', req.socket.remoteAddress ?? 'unknown');
    throw fault;
  }
}

/** The token leaves the address bar here, before anything is shown. A link that has ended leads to the page that says why. */
async function openInBrowser(asked: Asked): Promise<void> {
  const { res } = asked;
  try {
    const link = await findLink(asked);
    redirect(res, linkedPath(link.draft), { 'Set-Cookie': setLinkCookie(link) });
  } catch (fault) {
    if (!isRefusal(fault) || fault.code !== 'link.not-found') throw fault;
    redirect(res, linkedPath('nothing'));
  }
}

async function sendStatement(asked: Asked): Promise<void> {
  const link = await findLink(asked);
  sendBytes(asked.req, asked.res, await statementBytes(link, link.draft));
}

async function sendFileOf(asked: Asked): Promise<void> {
  const link = await findLink(asked);
  await sendStored(asked.req, asked.res, await draftFile(link, link.draft, asked.name));
}

async function takeSignature(asked: Asked): Promise<void> {
  const { req, res } = asked;
  const { counts, line } = await receiveSignature(await findLink(asked), { headers: req.headers, body: req });
  sayLine(res, counts ? 200 : httpStatus.refused, line);
}

const always = (): Record<string, string> => ({
  ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'X-Robots-Tag': 'noindex',
});

function redirect(res: ServerResponse, place: string, headers: Record<string, string> = {}): void {
  sayLine(res, 303, 'Open this address in a browser.', { ...headers, Location: place });
}

function sayRefusal(res: ServerResponse, refusal: Refusal): void {
  const { status, headers } = answerRefusal(refusal);
  const retry = headers['Retry-After'];
  const words = refusal.code.startsWith('signature.') ? `not counted: ${refusal.message}` : refusal.message;
  sayLine(res, status, words, retry === undefined ? {} : { 'Retry-After': retry });
}

/** One line of plain text; what others wrote in it cannot steer a terminal. */
function sayLine(res: ServerResponse, status: number, line: string, more: Record<string, string> = {}): void {
  const body = `${plain(line.replace(/\s+/g, ' '))}\n`;
  const length = String(Buffer.byteLength(body));
  res.writeHead(status, {
    ...always(),
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': length,
    ...more,
  });
  res.end(body);
}
