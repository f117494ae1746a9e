// A store for files that is down, slow, overloaded or lies, by a server of our own that does so on purpose: each has its code, nothing is half done, and
// nobody ever sees other bytes than those of the digest.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readSha256 } from '#lib/core/ids.ts';
import { readBucketAddress } from '#lib/server/files/bucket-address.ts';
import { openBucket, type Bucket } from '#lib/server/files/bucket.ts';
import { openS3Store } from '#lib/server/files/s3-store.ts';
import type { FileStore } from '#lib/server/files/store.ts';
import { limits } from '#lib/server/limits.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'lying-storage-'));
const bytes = Buffer.from('the very bytes');
const sha256 = readSha256(createHash('sha256').update(bytes).digest('hex'));

/** Answers a request on purpose wrongly; false: as it should be. */
type Lie = (req: IncomingMessage, res: ServerResponse, body: Buffer) => boolean;
const honest: Lie = () => false;
let lie = honest;
let asked: string[] = [];
const objects = new Map<string, Buffer>();
let server: Server;
let bucket: Bucket;

beforeAll(async () => {
  server = createServer((req, res) => void answer(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const address = readBucketAddress(`s3://bucket/?endpoint=http://127.0.0.1:${port}`);
  if (typeof address === 'string') throw new Error(address);
  bucket = openBucket(address, { accessKeyId: 'a', secretAccessKey: 'b' });
});
afterEach(() => {
  lie = honest;
  asked = [];
  objects.clear();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [key = ''] = (req.url ?? '').replace('/bucket/', '').split('?');
  asked.push(`${req.method} ${key}`);
  const body = await buffer(req);
  if (lie(req, res, body)) return;
  const found = objects.get(key);
  if (req.method === 'PUT') {
    if (req.headers['if-none-match'] === '*' && found) return void res.writeHead(412).end();
    objects.set(key, body);
    return void res.writeHead(200, { etag: '"x"' }).end();
  }
  if (!found) return void res.writeHead(404).end();
  res.writeHead(200, { 'content-length': found.length, 'last-modified': new Date(0).toUTCString() });
  res.end(req.method === 'HEAD' ? undefined : found);
}

let machines = 0;
async function openMachine(): Promise<{ store: FileStore; left: () => string[] }> {
  const copies = path.join(folder, String((machines += 1)));
  const store = await openS3Store(bucket, { folder: copies, bytesMax: 1e9 });
  const left = () =>
    readdirSync(copies, { recursive: true, encoding: 'utf8' }).filter((name) => /[0-9a-f-]{36}/.test(name));
  return { store, left };
}
const receive = (store: FileStore) => store.receive(Readable.from([bytes]), { bytesMax: 100 });
const isFile = (req: IncomingMessage, method: string): boolean =>
  req.method === method && req.url?.includes('/files/') === true;

describe('taking a file in', () => {
  const faults: [title: string, code: string, lie: Lie][] = [
    ['that is always overloaded', 'storage.refused', (req, res) => isFile(req, 'PUT') && !!res.writeHead(503).end()],
    ['that breaks every connection', 'storage.unreachable', (req) => isFile(req, 'PUT') && !!req.socket.destroy()],
    [
      'that knows the keys no more',
      'storage.refused',
      (req, res) => isFile(req, 'PUT') && !!res.writeHead(403).end('<Error/>'),
    ],
    [
      'that says yes and keeps nothing',
      'storage.not-kept',
      (req, res) => isFile(req, 'PUT') && !!res.writeHead(200).end(),
    ],
    [
      'that says yes and keeps half',
      'storage.not-kept',
      (req, res, body) => {
        if (!isFile(req, 'PUT')) return false;
        objects.set(`files/${sha256.slice(0, 2)}/${sha256}`, body.subarray(1));
        return !!res.writeHead(200).end();
      },
    ],
  ];
  it.each(faults)('by a store %s is refused (%s), and nothing of it is left', async (_, code, fault) => {
    const { store, left } = await openMachine();
    lie = fault;
    await expect(receive(store)).rejects.toMatchObject({ code });
    expect(left()).toEqual([]);
  });

  it('is tried again as long as that may help, and no more', async () => {
    const { store } = await openMachine();
    let times = 0;
    lie = (req, res) => isFile(req, 'PUT') && (times += 1) < limits.storageTriesMax && !!res.writeHead(503).end();
    await receive(store);
    expect(asked.filter((line) => line.startsWith('PUT'))).toHaveLength(limits.storageTriesMax);
    asked = [];
    lie = (_, res) => !!res.writeHead(403).end();
    await expect(store.has(sha256)).rejects.toMatchObject({ code: 'storage.refused' });
    expect(asked).toHaveLength(1);
  });
});

describe('reading a file on another machine', () => {
  const give = (res: ServerResponse, body: Buffer): boolean =>
    !!res.writeHead(200, { 'content-length': body.length }).end(body);
  const lies: [title: string, code: string, lie: Lie][] = [
    [
      'other bytes',
      'storage.other-bytes',
      (req, res) => isFile(req, 'GET') && give(res, Buffer.from('some other byte')),
    ],
    ['no bytes', 'storage.other-bytes', (req, res) => isFile(req, 'GET') && give(res, Buffer.alloc(0))],
    ['more bytes', 'storage.other-bytes', (req, res) => isFile(req, 'GET') && give(res, Buffer.concat([bytes, bytes]))],
    [
      'half of them, each time',
      'storage.unreachable',
      (req, res) => {
        if (!isFile(req, 'GET')) return false;
        res.writeHead(200, { 'content-length': bytes.length });
        res.write(bytes.subarray(1), () => res.destroy());
        return true;
      },
    ],
    ['nothing: it was lost', 'file.not-in-store', (req, res) => isFile(req, 'GET') && !!res.writeHead(404).end()],
  ];
  it.each(lies)('that gets %s is refused (%s), and no copy is left', async (_, code, fault) => {
    await receive((await openMachine()).store);
    const { store, left } = await openMachine();
    lie = fault;
    for (const read of [store.local, store.read, store.open])
      await expect(read(sha256)).rejects.toMatchObject({ code });
    expect(left()).toEqual([]);
    lie = honest;
    expect((await store.read(sha256)).equals(bytes)).toBe(true);
  });

  it('goes on after a connection that broke once', async () => {
    await receive((await openMachine()).store);
    const { store } = await openMachine();
    let times = 0;
    lie = (req, res) => isFile(req, 'GET') && (times += 1) === 1 && !!res.destroy();
    expect((await store.read(sha256)).equals(bytes)).toBe(true);
  });
});

it('the digest of what is sent is signed into the request', async () => {
  let said: unknown = null;
  lie = (req) => {
    if (req.method === 'PUT')
      said = [req.headers['x-amz-content-sha256'], req.headers.authorization?.includes('x-amz-content-sha256')];
    return false;
  };
  await receive((await openMachine()).store);
  expect(said).toEqual([sha256, true]);
});

it('a store that knows conditions keeps what is there, and one that says 501 is asked first', async () => {
  expect([await bucket.putNew('x', bytes), await bucket.putNew('x', Buffer.from('other'))]).toEqual([true, false]);
  lie = (req, res) => req.headers['if-none-match'] !== undefined && !!res.writeHead(501).end();
  expect([await bucket.putNew('x', Buffer.from('other')), await bucket.putNew('y', bytes)]).toEqual([false, true]);
  expect(objects.get('x')?.equals(bytes)).toBe(true);
});

describe('an address of a bucket', () => {
  const endpoint = 'endpoint=https://s3.example.org';
  it('says bucket, folder, endpoint and region', () => {
    expect(readBucketAddress(`s3://my-files/a/b?${endpoint}&region=eu-1`)).toEqual({
      ...{ base: 'https://s3.example.org/my-files', prefix: 'a/b/', region: 'eu-1' },
    });
    expect(readBucketAddress(`s3://my-files?${endpoint}`)).toMatchObject({ prefix: '', region: 'us-east-1' });
  });

  it.each([
    ['https://s3.example.org/my-files', /starts with s3/],
    [`s3://key:secret@my-files?${endpoint}`, /no user, password/],
    [`s3://M?${endpoint}`, /3 to 63/],
    [`s3://my-files/a/../b%20c?${endpoint}`, /folder/],
    [`s3://my-files?${endpoint}&secret=x`, /no options/],
    ['s3://my-files', /endpoint=/],
    ['s3://my-files?endpoint=https://s3.example.org/path', /endpoint=/],
  ])('%s is none', (text, says) => {
    expect(readBucketAddress(text)).toMatch(says);
  });
});
