// A store that speaks as much S3 as we ask, in memory, so that a test can say what it does wrong: down, slow, overloaded, full, lying, or listing a few
// objects a page. What a real one does is in tests/interop.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type Asked = {
  method: string;
  key: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
};
/** Answers a request on purpose wrongly; false: as it should be. */
export type Lie = (asked: Asked, res: ServerResponse) => boolean;
export type Kept = { bytes: Buffer; sealed: string | undefined; since: Date };

export type FakeBucket = {
  /** FILES_URL, INDEX_URL. */
  url: string;
  keys: { S3_ACCESS_KEY_ID: string; S3_SECRET_ACCESS_KEY: string };
  objects: Map<string, Kept>;
  /** Uploads in parts that were not ended: its name → key and since when. */
  unended: Map<string, { key: string; since: Date; parts: Buffer[] }>;
  asked: Asked[];
  lie: Lie;
  perPage: number;
  /** Honest again, and empty. */
  reset(): void;
  stop(): Promise<void>;
};

export const honest: Lie = () => false;
const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

/** Starts it on a free port. */
export async function startFakeBucket(): Promise<FakeBucket> {
  const server = createServer((req, res) => void answer(bucket, req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bucket: FakeBucket = {
    url: `s3://bucket?endpoint=http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys: { S3_ACCESS_KEY_ID: 'a', S3_SECRET_ACCESS_KEY: 'b' },
    ...{ objects: new Map(), unended: new Map(), asked: [], lie: honest, perPage: 3 },
    reset: () => {
      bucket.lie = honest;
      bucket.asked = [];
      bucket.objects.clear();
      bucket.unended.clear();
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return bucket;
}

async function answer(bucket: FakeBucket, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '', 'http://localhost');
  const key = decodeURIComponent(url.pathname.replace(/^\/bucket\/?/, ''));
  const { method = '', headers } = req;
  const asked = { method, key, query: url.searchParams, headers, body: await buffer(req) };
  bucket.asked.push(asked);
  if (bucket.lie(asked, res)) return;
  if (key === '') list(bucket, asked, res);
  else if (asked.query.has('uploads') || asked.query.has('uploadId')) inParts(bucket, asked, res);
  else one(bucket, asked, res);
}

function one({ objects }: FakeBucket, { method, key, headers, body }: Asked, res: ServerResponse): void {
  const found = objects.get(key);
  if (method === 'PUT') {
    if (headers['if-none-match'] === '*' && found) return void res.writeHead(412).end();
    objects.set(key, { bytes: body, sealed: headers['x-amz-meta-sha256'] as string | undefined, since: new Date() });
    return void res.writeHead(200, { etag: '"x"' }).end();
  }
  if (method === 'DELETE') return void (objects.delete(key), res.writeHead(204).end());
  if (!found) return void res.writeHead(404).end();
  res.writeHead(200, {
    ...{ 'content-length': found.bytes.length, 'last-modified': found.since.toUTCString() },
    ...(found.sealed !== undefined && { 'x-amz-meta-sha256': found.sealed }),
  });
  res.end(method === 'HEAD' ? undefined : found.bytes);
}

function inParts({ objects, unended }: FakeBucket, { method, key, query, body }: Asked, res: ServerResponse): void {
  if (query.has('uploads')) {
    const uploadId = `upload ${unended.size + 1} <&>`;
    unended.set(uploadId, { key, since: new Date(), parts: [] });
    return void res.end(
      `<InitiateMultipartUploadResult><UploadId>${escape(uploadId)}</UploadId></InitiateMultipartUploadResult>`,
    );
  }
  const uploadId = query.get('uploadId') ?? '';
  const upload = unended.get(uploadId);
  if (!upload) return void res.writeHead(404).end();
  if (method === 'PUT') {
    upload.parts[Number(query.get('partNumber')) - 1] = body;
    return void res.writeHead(200, { etag: '"x"' }).end();
  }
  unended.delete(uploadId);
  if (method === 'DELETE') return void res.writeHead(204).end();
  objects.set(key, { bytes: Buffer.concat(upload.parts), sealed: undefined, since: new Date() });
  res.end('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>');
}

/** Both listings: what is there, and what was begun. */
function list({ objects, unended, perPage }: FakeBucket, { query }: Asked, res: ServerResponse): void {
  const prefix = query.get('prefix') ?? '';
  if (query.has('uploads')) {
    const rows = [...unended].filter(([, { key }]) => key.startsWith(prefix));
    const entries = rows.map(
      ([id, { key, since }]) =>
        `<Upload><Key>${escape(key)}</Key><UploadId>${escape(id)}</UploadId><Initiated>${since.toISOString()}</Initiated></Upload>`,
    );
    return void res.end(
      `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${entries.join('')}</ListMultipartUploadsResult>`,
    );
  }
  const rest = [...objects.keys()]
    .filter((key) => key.startsWith(prefix) && key > (query.get('continuation-token') ?? ''))
    .sort();
  const page = rest.slice(0, perPage);
  const entries = page.map((key) => {
    const { bytes, since } = objects.get(key) as Kept;
    return `<Contents><Key>${escape(key)}</Key><Size>${bytes.length}</Size><LastModified>${since.toISOString()}</LastModified></Contents>`;
  });
  const next =
    rest.length > page.length ? `<NextContinuationToken>${escape(page.at(-1) ?? '')}</NextContinuationToken>` : '';
  res.end(`<ListBucketResult><IsTruncated>${next !== ''}</IsTruncated>${next}${entries.join('')}</ListBucketResult>`);
}
