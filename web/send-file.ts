// Streams one file of any size, whole or a range of it (RFC 9110, section 14), without holding it in memory.
// Trusts the path (the caller has checked every segment); the `Range`, `If-Range` and `If-None-Match` headers are hostile.
// Refuses with 416 a range outside the file; several ranges at once are answered with the whole file, as the RFC allows.

import { open, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { isUnchanged, versionOf } from './page-cache.ts';

export type FileAnswer = {
  path: string;
  headers: Record<string, string>;
  /** Entity tag with quotes; by default made from inode, size and time. */
  etag?: string;
};

const pieceBytes = 256 * 1024;

/** Answers with the file. Returns false, with nothing sent, if there is no such file; a broken connection is not an error. */
export async function sendFile(req: IncomingMessage, res: ServerResponse, answer: FileAnswer): Promise<boolean> {
  const handle = await openFile(answer.path);
  if (handle === null) return false;
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return false;
    await sendOpened(req, res, handle, { ...answer, etag: answer.etag ?? `"${versionOf(stats)}"`, size: stats.size });
    return true;
  } finally {
    await handle.close().catch(() => undefined); // the stream may have closed it already
  }
}

type Opened = Required<FileAnswer> & { size: number };

async function sendOpened(req: IncomingMessage, res: ServerResponse, handle: FileHandle, file: Opened): Promise<void> {
  const headers = { ...file.headers, ETag: file.etag, 'Accept-Ranges': 'bytes' };
  if (isUnchanged(req.headers['if-none-match'], file.etag)) {
    res.writeHead(304, headers).end();
    return;
  }
  const range = readRange(req, file);
  if (range === 'outside') {
    res.writeHead(416, { ...headers, 'Content-Range': `bytes */${file.size}`, 'Content-Length': '0' }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: file.size - 1 };
  if (range !== null) Object.assign(headers, { 'Content-Range': `bytes ${start}-${end}/${file.size}` });
  res.writeHead(range === null ? 200 : 206, { ...headers, 'Content-Length': String(end - start + 1) });
  if (req.method === 'HEAD' || file.size === 0) {
    res.end();
    return;
  }
  const source = handle.createReadStream({ start, end, highWaterMark: pieceBytes, autoClose: false });
  await pipeline(source, res).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code !== 'ERR_STREAM_PREMATURE_CLOSE' && fault.code !== 'ECONNRESET' && fault.code !== 'EPIPE')
      throw fault;
  });
}

type Range = { start: number; end: number };

/** The one range that is asked for; null for the whole file. */
function readRange(req: IncomingMessage, file: Opened): Range | null | 'outside' {
  const ifRange = req.headers['if-range'];
  if (ifRange !== undefined && ifRange !== file.etag) return null; // another version: the client starts anew
  const match = /^bytes=(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))$/.exec(req.headers.range ?? '');
  if (match === null) return null;
  const [, first, last = '', suffix] = match;
  if (first === undefined)
    return within({ start: Math.max(0, file.size - Number(suffix)), end: file.size - 1 }, file.size);
  if (last !== '' && Number(last) < Number(first)) return null; // not a range: as if it had not been asked for
  return within({ start: Number(first), end: last === '' ? file.size - 1 : Number(last) }, file.size);
}

function within(range: Range, size: number): Range | 'outside' {
  return range.start < size ? { start: range.start, end: Math.min(range.end, size - 1) } : 'outside';
}

async function openFile(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (fault) {
    const code = (fault as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return null;
    throw fault;
  }
}
