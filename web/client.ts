// The client for everybody who wants to check releases by themselves, as one file to download. Its bytes are those of which the release pages show the SHA-256.
// A browser keeps it and runs none of it; nothing of a request decides what is sent.
import { clientPath } from '#lib/server/client-program.ts';
import { runtime } from '#lib/server/runtime.ts';
import { transportHeaders } from './headers.ts';
import { isUnchanged } from './page-cache.ts';
import { revalidate } from '#lib/server/http/caching.ts';
import type { OwnRoute } from './tree.ts';

/** Answers `/client/countersign.mjs`, and leaves everything else alone; also that address where there is no client to offer. */
export const clientRoute: OwnRoute = (req, res) => {
  const { client, config } = runtime();
  const isReading = req.method === 'GET' || req.method === 'HEAD';
  if (!isReading || client === null || (req.url ?? '/').split('?')[0] !== clientPath) return false;
  const etag = `"${client.sha256}"`;
  const always = {
    ...transportHeaders(config.publicUrl.startsWith('https:')),
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': revalidate,
    ETag: etag,
  };
  if (isUnchanged(req.headers['if-none-match'], etag)) {
    res.writeHead(304, always).end();
    return true;
  }
  res.writeHead(200, {
    ...always,
    // No type of a script: with `nosniff` no page can run it, ours included.
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': 'attachment; filename="countersign.mjs"',
    'Content-Length': String(client.bytes.length),
  });
  res.end(req.method === 'HEAD' ? undefined : client.bytes);
  return true;
};
