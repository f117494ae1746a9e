// Bytes of ours that people download, as attachment, so that nothing in them is ever shown or run by a browser. Who may have them was decided
// by the query that found them. Trusts checked names only.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse } from '#lib/core/errors.ts';
import type { Download } from '#lib/server/queries/download.ts';
import type { draftFile } from '#lib/server/queries/statement-bytes.ts';
import { runtime } from '#lib/server/runtime.ts';
import { transportHeaders } from './headers.ts';
import { sendFile } from './send-file.ts';

/** A segment of an address; one that is not decodable names nothing. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}

/** File names are checked names of ours: ASCII, without quotes. */
const headersFor = (fileName: string, contentType: string): Record<string, string> => ({
  ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
  'Cache-Control': 'private, no-store',
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'Content-Disposition': `attachment; filename="${fileName}"`,
  'Content-Type': contentType,
});

/** A document as it is stored. */
export function sendBytes(req: IncomingMessage, res: ServerResponse, { fileName, contentType, bytes }: Download): void {
  res.writeHead(200, { ...headersFor(fileName, contentType), 'Content-Length': String(bytes.length) });
  res.end(req.method === 'HEAD' ? undefined : bytes);
}

/** A file of a draft, streamed, with ranges. Refuses `file.not-found` where the store has lost it. */
export async function sendStored(
  req: IncomingMessage,
  res: ServerResponse,
  { name, path, sha256 }: Awaited<ReturnType<typeof draftFile>>,
): Promise<void> {
  const headers = headersFor(name, 'application/octet-stream');
  if (!(await sendFile(req, res, { path, headers, etag: `"${sha256}"` }))) throw refuse('file.not-found', { name });
}
