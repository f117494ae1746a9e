// A timeline as JSON Lines, for whoever takes it along or feeds it to a program (docs/formats/history.md): oldest first, one entry a line,
// streamed in pieces, with the filter of the page. Who may see what is decided by the same query as the page; a stranger gets the answer of
// something that is not there. Addresses and cookies are hostile.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readFilter } from '#lib/server/history/filter.ts';
import { renderJsonLine } from '#lib/server/history/json-line.ts';
import type { HistoryLine } from '#lib/server/history/line.ts';
import { readActor } from '#lib/server/http/session.ts';
import { historyStream } from '#lib/server/queries/history-of.ts';
import type { HistorySubject } from '#lib/server/queries/history-scope.ts';
import { runtime } from '#lib/server/runtime.ts';
import { transportHeaders } from './headers.ts';
import type { OwnRoute } from './tree.ts';

type Door = { address: RegExp; about: (name: string) => HistorySubject; fileName: (name: string) => string };

const doors: Door[] = [
  {
    address: /^\/projects\/([a-z0-9](?:-?[a-z0-9]){0,99})\/history\.jsonl$/,
    about: (project) => ({ project }),
    fileName: (project) => `${project}-history.jsonl`,
  },
  {
    address: /^\/drafts\/([0-9a-f]{12})\/history\.jsonl$/,
    about: (draft) => ({ draft }),
    fileName: (draft) => `draft-${draft}-history.jsonl`,
  },
  {
    address: /^\/account()\/history\.jsonl$/,
    about: () => ({ person: true }),
    fileName: () => 'account-history.jsonl',
  },
];

/** Answers `…/history.jsonl`, and leaves everything else alone. */
export const historyRoute: OwnRoute = async (req, res) => {
  if (req.method !== 'GET' && req.method !== 'HEAD') return false;
  const [address = '', query = ''] = (req.url ?? '/').split('?');
  for (const { address: pattern, about, fileName } of doors) {
    const name = pattern.exec(address)?.[1];
    if (name === undefined) continue;
    const filter = readFilter(Object.fromEntries(new URLSearchParams(query)));
    const entries = await historyStream(await readActor(req.headers.cookie), about(name), filter);
    await send(req, res, fileName(name), entries);
    return true;
  }
  return false;
};

async function send(
  req: IncomingMessage,
  res: ServerResponse,
  fileName: string,
  entries: AsyncIterable<HistoryLine[]>,
): Promise<void> {
  const { publicUrl } = runtime().config;
  res.writeHead(200, {
    ...transportHeaders(publicUrl.startsWith('https:')),
    'Cache-Control': 'private, no-store',
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Content-Disposition': `attachment; filename="${fileName}"`,
    'Content-Type': 'application/jsonl; charset=utf-8',
  });
  if (req.method === 'HEAD') return void res.end();
  await pipeline(Readable.from(rendered(entries, publicUrl)), res).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code !== 'ERR_STREAM_PREMATURE_CLOSE' && fault.code !== 'ECONNRESET' && fault.code !== 'EPIPE')
      throw fault;
  });
}

async function* rendered(pieces: AsyncIterable<HistoryLine[]>, publicUrl: string): AsyncGenerator<string> {
  for await (const lines of pieces) yield lines.map((line) => renderJsonLine(line, publicUrl)).join('');
}
