// The evidence bundle of a release as a download for everybody. What is in it is made from the index tree (lib/server/queries/evidence-bundle.ts); nothing of
// a session is read. The address is hostile.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { evidenceBundle, type EvidenceDownload } from '#lib/server/queries/evidence-bundle.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { transportHeaders } from './headers.ts';
import { isUnchanged } from './page-cache.ts';
import { decodeSegment } from './send-download.ts';
import { revalidate } from '#lib/server/http/caching.ts';
import type { OwnRoute } from './tree.ts';

// The name of the file is the last part, so that `curl -O` keeps it.
const address = /^\/projects\/([^/]+)\/releases\/([^/]+)\/([^/]+)\.evidence\.zip$/;

/** Answers `/projects/NAME/releases/VERSION/NAME-VERSION.evidence.zip`, and leaves everything else alone. */
export const evidenceRoute: OwnRoute = async (req, res) => {
  const [project, version] = req.method === 'GET' || req.method === 'HEAD' ? namesIn(req.url) : [];
  if (project === undefined || version === undefined) return false;
  await requireRate('evidence-by-client', req.socket.remoteAddress ?? 'unknown');
  send(req, res, await evidenceBundle(project, version));
  return true;
};

/** Project and version; nothing where it is another address. */
function namesIn(url = '/'): readonly string[] {
  const [path = ''] = url.split('?');
  const [project, version, name] = address.exec(path)?.slice(1).map(decodeSegment) ?? [];
  return project !== undefined && version !== undefined && name === `${project}-${version}` ? [project, version] : [];
}

function send(req: IncomingMessage, res: ServerResponse, { fileName, bytes, sha256 }: EvidenceDownload): void {
  const etag = `"${sha256}"`;
  const always = {
    ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cache-Control': revalidate,
    ETag: etag,
  };
  if (isUnchanged(req.headers['if-none-match'], etag)) return void res.writeHead(304, always).end();
  const file = { 'Content-Type': 'application/zip', 'Content-Disposition': `attachment; filename="${fileName}"` };
  res.writeHead(200, { ...always, ...file, 'Content-Length': String(bytes.length) });
  res.end(req.method === 'HEAD' ? undefined : bytes);
}
