// Answering from a folder of finished bytes: what the index tree and our own browser scripts have in common.
// Trusts the bytes in the folder and the path it is given (the caller checked every segment of the address).
// Refuses a missing file with 404, or with 503 while the whole tree is missing: an empty answer would be a wrong one.

import { statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { takesGzip } from './negotiate.ts';
import { isUnchanged, type CachedPage, type PageCache } from './page-cache.ts';
import { sendFile } from './send-file.ts';

/** A handler of ours: answers and says true, or leaves the request alone and says false. */
export type OwnRoute = (req: IncomingMessage, res: ServerResponse) => boolean | Promise<boolean>;

export type Tree = {
  folder: string;
  cache: PageCache;
  /** Headers of every answer, refusals included. */
  always: Readonly<Record<string, string>>;
  /** A file without which the tree counts as not there. */
  readyMark: string;
};

export type Answer = {
  path: string;
  contentType: string;
  cacheControl: string;
  vary: string;
  etag?: string;
  /** Headers of this answer alone; they replace those of every answer. */
  more?: Record<string, string>;
};

/** One plain sentence with a status. */
export function answerSentence(
  tree: Tree,
  res: ServerResponse,
  answer: { status: number; sentence: string; headers?: Record<string, string> },
): true {
  const body = `${answer.sentence}\n`;
  res.writeHead(answer.status, {
    ...tree.always,
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Length': String(Buffer.byteLength(body)),
    ...answer.headers,
  });
  res.end(body);
  return true;
}

/** 404, or 503 while the tree itself is missing. */
export function answerMissing(tree: Tree, res: ServerResponse): true {
  const ready = statSync(join(tree.folder, tree.readyMark), { throwIfNoEntry: false }) !== undefined;
  if (ready) return answerSentence(tree, res, { status: 404, sentence: 'There is nothing at this address.' });
  const sentence = 'What is served here is not in place at the moment. Please try again later.';
  return answerSentence(tree, res, { status: 503, sentence, headers: { 'Retry-After': '30' } });
}

/** A file of page size: from memory, gzipped where the client takes it, 304 where it has it. Synchronous once it is loaded. */
export function answerPage(
  tree: Tree,
  req: IncomingMessage,
  res: ServerResponse,
  answer: Answer,
): true | Promise<true> {
  const found = tree.cache.find(answer.path);
  if (found === null) return answerMissing(tree, res);
  if (found === 'large') return answerFile(tree, req, res, answer);
  if (!(found instanceof Promise)) return writePage(tree, req, res, answer, found);
  return found.then((page) => (page === null ? answerMissing(tree, res) : writePage(tree, req, res, answer, page)));
}

/** A file of any size, streamed, with ranges; never encoded. */
export async function answerFile(tree: Tree, req: IncomingMessage, res: ServerResponse, answer: Answer): Promise<true> {
  const headers = {
    ...tree.always,
    'Content-Type': answer.contentType,
    'Cache-Control': answer.cacheControl,
    ...(answer.vary === '' ? {} : { Vary: answer.vary }),
    ...answer.more,
  };
  return (await sendFile(req, res, { path: answer.path, headers, etag: answer.etag })) || answerMissing(tree, res);
}

function writePage(tree: Tree, req: IncomingMessage, res: ServerResponse, answer: Answer, page: CachedPage): true {
  const gzipped = page.gzipped !== null && takesGzip(req.headers['accept-encoding']) ? page.gzipped : null;
  const etag = gzipped === null ? page.etag : page.gzippedEtag;
  if (isUnchanged(req.headers['if-none-match'], etag)) {
    res.writeHead(304, validators(tree, answer, etag)).end();
    return true;
  }
  const body = gzipped ?? page.body;
  // Made once for each version of a page: building them anew costs a fifth of the throughput.
  const key = gzipped === null ? answer.contentType : `gzip ${answer.contentType}`;
  let headers = page.headers.get(key);
  if (headers === undefined) {
    headers = Object.entries({
      ...validators(tree, answer, etag),
      'Content-Type': answer.contentType,
      'Content-Length': String(body.length),
      ...(gzipped === null ? {} : { 'Content-Encoding': 'gzip' }),
    }).flat();
    page.headers.set(key, headers);
  }
  res.writeHead(200, headers).end(req.method === 'HEAD' ? undefined : body);
  return true;
}

/** The headers that a 304 repeats (RFC 9110, 15.4.5). */
function validators(tree: Tree, answer: Answer, etag: string): Record<string, string> {
  return { ...tree.always, 'Cache-Control': answer.cacheControl, Vary: answer.vary, ETag: etag, ...answer.more };
}
