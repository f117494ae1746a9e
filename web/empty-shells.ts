// Next answers a page that threw (nothing here, or a fault of ours) with an empty shell that only script can fill, and that comes without our
// Trusted Types policy: a blank page for everybody. Such an answer is swallowed, and the plain page for it is sent in its place.
// Trusts the status that Next sets; passes every other answer through untouched. Asks nobody but this very server.
import { request, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

/** Status of the shell → the page that is rendered on the server instead. The first address is one that no page has. */
const insteadOf: Readonly<Record<number, string>> = { 404: '/nothing-here', 500: '/trouble' };

type Original = Pick<ServerResponse, 'writeHead' | 'write' | 'end' | 'flushHeaders'>;

/** To be called before Next gets the response; does nothing for requests that do not show a page. */
export function replaceEmptyShells(req: IncomingMessage, res: ServerResponse): void {
  if (!showsPage(req)) return;
  const original: Original = {
    writeHead: res.writeHead.bind(res),
    write: res.write.bind(res),
    end: res.end.bind(res),
    flushHeaders: res.flushHeaders.bind(res),
  };
  const isShell = () => !res.headersSent && insteadOf[res.statusCode] !== undefined;
  const through = <K extends keyof Original>(name: K, swallowed: (...parts: unknown[]) => unknown): Original[K] =>
    ((...parts: unknown[]) =>
      isShell() ? swallowed(...parts) : (original[name] as (...parts: unknown[]) => unknown)(...parts)) as Original[K];
  res.writeHead = ((status: number, ...rest: unknown[]) => {
    res.statusCode = status;
    return isShell() ? res : (original.writeHead as (...parts: unknown[]) => unknown)(status, ...rest);
  }) as ServerResponse['writeHead'];
  res.write = through('write', (...parts) => {
    const done = parts.at(-1);
    if (typeof done === 'function') process.nextTick(done);
    return true;
  });
  res.flushHeaders = through('flushHeaders', () => undefined);
  res.end = through('end', () => {
    answerInstead(req, res, original);
    return res;
  });
}

/** A browser that wants to show what comes: not a script's fetch, not one of Next's own requests, not the replacement itself. */
function showsPage({ method, headers, url = '/' }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (headers['rsc'] !== undefined || Object.values(insteadOf).includes(url)) return false;
  return (headers.accept ?? 'text/html').includes('text/html') || headers.accept === '*/*';
}

function answerInstead(req: IncomingMessage, res: ServerResponse, { writeHead, write, end }: Original): void {
  const { localAddress: host, localPort: port } = req.socket;
  const status = res.statusCode;
  for (const name of res.getHeaderNames()) res.removeHeader(name);
  const asked = request({ host, port, path: insteadOf[status], method: req.method, headers: asSame(req.headers) });
  asked.on('response', (answer) => {
    writeHead(status, answer.headers);
    answer.on('data', (piece: Buffer) => write(piece));
    answer.on('end', () => end());
    answer.on('error', () => res.destroy());
  });
  asked.on('error', () => {
    writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
    end('This page could not be shown. Nothing was changed by opening it.\n');
  });
  asked.end();
}

/** The replacement is for the same person, language and theme; nothing else of the request matters to it. */
function asSame({ cookie, accept, host, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept = { cookie, accept, host, 'accept-encoding': headers['accept-encoding'] };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
}
