// A store for files that is down, slow, overloaded or lies, by a server of our own that does so on purpose: each has its code, nothing is half done, and
// nobody ever sees other bytes than those of the digest.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readSha256 } from '#lib/core/ids.ts';
import { readBucketAddress } from '#lib/server/files/bucket-address.ts';
import { openBucket, type Bucket } from '#lib/server/files/bucket.ts';
import { openS3Store } from '#lib/server/files/s3-store.ts';
import type { FileStore } from '#lib/server/files/store.ts';
import { limits } from '#lib/server/limits.ts';
import { honest, startFakeBucket, type Asked, type FakeBucket, type Lie } from '../support/fake-bucket.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'lying-storage-'));
const bytes = Buffer.from('the very bytes');
const sha256 = readSha256(createHash('sha256').update(bytes).digest('hex'));
const day = 24 * 60 * 60 * 1000;

let fake: FakeBucket;
let bucket: Bucket;
// How long it pauses between two tries is no part of what is asked here.
const patience = limits as { storagePauseMs: number; storageSilenceMs: number };
const usual = { ...patience };

beforeAll(async () => {
  patience.storagePauseMs = 1;
  fake = await startFakeBucket();
  const address = readBucketAddress(fake.url);
  if (typeof address === 'string') throw new Error(address);
  bucket = openBucket(address, { accessKeyId: 'a', secretAccessKey: 'b' });
});
afterEach(() => fake.reset());
afterAll(async () => {
  Object.assign(patience, { storagePauseMs: usual.storagePauseMs });
  await fake.stop();
  rmSync(folder, { recursive: true, force: true });
});

let machines = 0;
async function openMachine(): Promise<{ store: FileStore; left: () => string[] }> {
  const copies = path.join(folder, String((machines += 1)));
  const store = await openS3Store(bucket, { folder: copies, bytesMax: 1e9 });
  const left = () =>
    readdirSync(copies, { recursive: true, encoding: 'utf8' }).filter((name) => /[0-9a-f-]{36}/.test(name));
  return { store, left };
}
const receive = (store: FileStore) => store.receive(Readable.from([bytes]), { bytesMax: 100 });
const is = (asked: Asked, method: string, prefix = 'files/'): boolean =>
  asked.method === method && asked.key.startsWith(prefix);
const say = (res: ServerResponse, status: number, text = ''): boolean => !!res.writeHead(status).end(text);
/** Ends the connection under the request. */
const breakOff = (res: ServerResponse): boolean => !!res.socket?.destroy();

describe('taking a file in', () => {
  const faults: [title: string, code: string, lie: Lie][] = [
    ['that is always overloaded', 'storage.refused', (asked, res) => is(asked, 'PUT') && say(res, 503)],
    ['that is full', 'storage.refused', (asked, res) => is(asked, 'PUT') && say(res, 507)],
    ['that breaks every connection', 'storage.unreachable', (asked, res) => is(asked, 'PUT') && breakOff(res)],
    ['that knows the keys no more', 'storage.refused', (asked, res) => is(asked, 'PUT') && say(res, 403, '<Error/>')],
    ['that says yes and keeps nothing', 'storage.not-kept', (asked, res) => is(asked, 'PUT') && say(res, 200)],
    [
      'that says yes and keeps half',
      'storage.not-kept',
      (asked, res) => {
        if (!is(asked, 'PUT')) return false;
        fake.objects.set(asked.key, { bytes: asked.body.subarray(1), sealed: undefined, since: new Date() });
        return say(res, 200);
      },
    ],
    ['that does not say what it kept', 'storage.unreadable', (asked, res) => is(asked, 'HEAD') && say(res, 200)],
  ];
  it.each(faults)('by a store %s is refused (%s), and nothing of it is left here', async (_, code, fault) => {
    const { store, left } = await openMachine();
    fake.lie = fault;
    await expect(receive(store)).rejects.toMatchObject({ code });
    expect(left()).toEqual([]);
  });

  it('is tried again as long as that may help, and no more', async () => {
    const { store } = await openMachine();
    let times = 0;
    fake.lie = (asked, res) => is(asked, 'PUT') && (times += 1) < limits.storageTriesMax && say(res, 503);
    await receive(store);
    expect(fake.asked.filter(({ method }) => method === 'PUT')).toHaveLength(limits.storageTriesMax);
    fake.asked = [];
    fake.lie = (_, res) => say(res, 403);
    await expect(store.has(sha256)).rejects.toMatchObject({ code: 'storage.refused' });
    expect(fake.asked).toHaveLength(1);
  });
});

describe('taking a large file in', () => {
  const size = limits.storagePartBytes + 1;
  const receiveLarge = (store: FileStore) => store.receive(Readable.from([Buffer.alloc(size)]), { bytesMax: size });
  const faults: [title: string, code: string, lie: Lie][] = [
    [
      'gives the upload no name',
      'storage.unreadable',
      (asked, res) => asked.query.has('uploads') && is(asked, 'POST') && say(res, 200, '<html>welcome</html>'),
    ],
    [
      'takes one part and not the next',
      'storage.refused',
      (asked, res) => asked.query.get('partNumber') === '2' && say(res, 500),
    ],
    [
      'says yes to its end and means no',
      'storage.unreadable',
      (asked, res) =>
        is(asked, 'POST') && asked.query.has('uploadId') && say(res, 200, '<Error><Code>InternalError</Code></Error>'),
    ],
  ];
  it.each(faults)('by a store that %s is refused (%s); it has neither file nor parts then', async (_, code, fault) => {
    const { store, left } = await openMachine();
    fake.lie = fault;
    await expect(receiveLarge(store)).rejects.toMatchObject({ code });
    expect([[...fake.objects.keys()], fake.unended.size, left()]).toEqual([[], 0, []]);
  });

  it('leaves parts where the program is killed; they go when they are old, and what is under way stays', async () => {
    const { store } = await openMachine();
    const begin = async (key: string, since: Date): Promise<void> => {
      fake.unended.set(`upload of ${key} & more`, { key, since, parts: [] });
    };
    const [old, now] = [new Date(Date.now() - 2 * day), new Date()];
    await begin('files/aa/killed', old);
    await begin('files/aa/running', now);
    await begin('of-somebody-else', old);
    fake.objects.set('check/killed', { bytes, sealed: undefined, since: old });
    fake.objects.set('check/running', { bytes, sealed: undefined, since: now });
    await receive(store);
    await store.tidy(new Date(Date.now() - day));
    expect([...fake.unended.values()].map(({ key }) => key)).toEqual(['files/aa/running', 'of-somebody-else']);
    expect([...fake.objects.keys()].sort()).toEqual(['check/running', `files/${sha256.slice(0, 2)}/${sha256}`]);
    // Not every store lists them, and not every key may.
    for (const status of [403, 501]) {
      fake.lie = (asked, res) => asked.key === '' && asked.query.has('uploads') && say(res, status);
      await store.tidy(new Date(Date.now() - day));
    }
  });
});

describe('reading a file on another machine', () => {
  const give = (res: ServerResponse, body: Buffer): boolean =>
    !!res.writeHead(200, { 'content-length': body.length }).end(body);
  const lies: [title: string, code: string, lie: Lie][] = [
    [
      'other bytes',
      'storage.other-bytes',
      (asked, res) => is(asked, 'GET') && give(res, Buffer.from('some other byte')),
    ],
    ['no bytes', 'storage.other-bytes', (asked, res) => is(asked, 'GET') && give(res, Buffer.alloc(0))],
    ['more bytes', 'storage.other-bytes', (asked, res) => is(asked, 'GET') && give(res, Buffer.concat([bytes, bytes]))],
    [
      'half of them, each time',
      'storage.unreachable',
      (asked, res) => {
        if (!is(asked, 'GET')) return false;
        res.writeHead(200, { 'content-length': bytes.length });
        res.write(bytes.subarray(1), () => res.destroy());
        return true;
      },
    ],
    ['nothing: it was lost', 'file.not-in-store', (asked, res) => is(asked, 'GET') && say(res, 404)],
  ];
  it.each(lies)('that gets %s is refused (%s), and no copy is left', async (_, code, fault) => {
    await receive((await openMachine()).store);
    const { store, left } = await openMachine();
    fake.lie = fault;
    for (const read of [store.local, store.read, store.open])
      await expect(read(sha256)).rejects.toMatchObject({ code });
    expect(left()).toEqual([]);
    fake.lie = honest;
    expect((await store.read(sha256)).equals(bytes)).toBe(true);
  });

  it('goes on after a connection that broke once', async () => {
    await receive((await openMachine()).store);
    const { store } = await openMachine();
    let times = 0;
    fake.lie = (asked, res) => is(asked, 'GET') && (times += 1) === 1 && breakOff(res);
    expect((await store.read(sha256)).equals(bytes)).toBe(true);
  });
});

describe('parts of an upload', () => {
  const read = async (store: FileStore): Promise<Buffer> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of store.parts.read('u', bytes.length)) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const put = async (store: FileStore, offset: number, to: number) =>
    store.parts.put('u', offset, Readable.from([bytes.subarray(offset, to)]), { bytesMax: bytes.length - offset });

  it('that a store does not take are refused with its own code; what came before stays, and it goes on there', async () => {
    const { store } = await openMachine();
    await put(store, 0, 5);
    fake.lie = (asked, res) => is(asked, 'PUT', 'parts/') && say(res, 507);
    await expect(put(store, 5, bytes.length)).rejects.toMatchObject({ code: 'storage.refused' });
    fake.lie = (asked, res) => is(asked, 'PUT', 'parts/') && breakOff(res);
    await expect(put(store, 5, bytes.length)).rejects.toMatchObject({ code: 'storage.unreachable' });
    fake.lie = honest;
    expect(await store.parts.kept('u')).toBe(5);
    await put(store, 5, bytes.length);
    expect((await read(store)).equals(bytes)).toBe(true);
  });

  it.each<[string, string, (found: Buffer) => Buffer]>([
    ['as other bytes', 'storage.other-bytes', (found) => Buffer.from(found).fill(7, 0, 1)],
    ['shorter', 'storage.other-bytes', (found) => found.subarray(1)],
    ['longer', 'storage.other-bytes', (found) => Buffer.concat([found, found])],
  ])('that come back %s are the fault of the store (%s), not of who sent them', async (_, code, lie) => {
    const { store } = await openMachine();
    await put(store, 0, 5);
    await put(store, 5, bytes.length);
    fake.lie = (asked, res) => {
      const found = fake.objects.get(asked.key);
      if (!is(asked, 'GET', 'parts/') || !found) return false;
      return !!res.writeHead(200, { 'x-amz-meta-sha256': found.sealed ?? '' }).end(lie(found.bytes));
    };
    await expect(read(store)).rejects.toMatchObject({ code });
    fake.lie = honest;
    expect((await read(store)).equals(bytes)).toBe(true);
  });
});

describe('a listing', () => {
  const page = (inside: string): string => `<ListBucketResult>${inside}</ListBucketResult>`;
  const entry = (key: string, since: string): string =>
    `<Contents><Key>${key}</Key><Size>14</Size><LastModified>${since}</LastModified></Contents>`;
  const named = entry(`files/${sha256.slice(0, 2)}/${sha256}`, '2026-01-01T00:00:00Z');
  it.each([
    ['is the page of some proxy', '<html>Please sign in</html>'],
    ['breaks off in the middle', `<ListBucketResult>${named}`],
    ['says nothing', ''],
    ['has a file without a time', page(entry(`files/${sha256.slice(0, 2)}/${sha256}`, ''))],
    ['goes on nowhere', page('<IsTruncated>true</IsTruncated>')],
    [
      'goes on at itself for ever',
      page(`${named}<IsTruncated>true</IsTruncated><NextContinuationToken>1</NextContinuationToken>`),
    ],
  ])('that %s is refused, and never taken for an empty store', async (_, text) => {
    const { store } = await openMachine();
    fake.lie = (asked, res) => asked.key === '' && say(res, 200, text);
    const list = async (): Promise<void> => {
      for await (const { size } of store.list()) expect(size).toBe(14);
    };
    await expect(list()).rejects.toMatchObject({ code: 'storage.unreadable' });
    await expect(store.parts.kept('u')).rejects.toMatchObject({ code: 'storage.unreadable' });
  });

  it('that names what is elsewhere in the bucket, or no file, lists neither', async () => {
    const { store } = await openMachine();
    const others = entry('secrets/1', '2026-01-01T00:00:00Z') + entry('files/../x', '2026-01-01T00:00:00Z');
    fake.lie = (asked, res) => asked.key === '' && say(res, 200, page(others + named));
    const found: string[] = [];
    for await (const file of store.list()) found.push(file.sha256);
    expect(found).toEqual([sha256]);
  });
});

it('a file whose age the store does not say is not removed', async () => {
  const { store } = await openMachine();
  await receive(store);
  fake.lie = (asked, res) => is(asked, 'HEAD') && !!res.writeHead(200, { 'content-length': bytes.length }).end();
  await expect(store.remove(sha256, { before: new Date(Date.now() + day) })).rejects.toMatchObject({
    code: 'storage.unreadable',
  });
  fake.lie = honest;
  expect(await store.has(sha256)).toBe(true);
});

describe('asked whether it works', () => {
  it.each<[string, RegExp, Lie]>([
    ['takes nothing', /^Writing fails: .*\(403\)/, (asked, res) => asked.method === 'PUT' && say(res, 403)],
    [
      'gives nothing',
      /^Reading fails: .*\(403\)/,
      (asked, res) => asked.method === 'GET' && asked.key !== '' && say(res, 403),
    ],
    [
      'gives other bytes',
      /other bytes/,
      (asked, res) => asked.method === 'GET' && asked.key !== '' && say(res, 200, 'x'),
    ],
    ['lists nothing', /^Listing fails: .*\(403\)/, (asked, res) => asked.key === '' && say(res, 403)],
    ['deletes nothing', /^Deleting fails: .*\(403\)/, (asked, res) => asked.method === 'DELETE' && say(res, 403)],
    ['is away', /^Writing fails: .*does not answer/, (_, res) => breakOff(res)],
  ])('a store that %s says so, and is asked once by all who ask', async (_, says, lie) => {
    const { store } = await openMachine();
    fake.lie = lie;
    const checked = store.check();
    expect(store.check()).toBe(checked);
    await expect(checked).rejects.toThrow(says);
    fake.lie = honest;
    await expect(store.check()).resolves.toBeUndefined();
    expect([...fake.objects.keys()]).toEqual([]);
  });
});

it('a store that is silent is waited for once, as long as one silence may last', async () => {
  const { store } = await openMachine();
  fake.lie = () => true;
  patience.storageSilenceMs = 50;
  try {
    await expect(store.has(sha256)).rejects.toMatchObject({ code: 'storage.unreachable' });
  } finally {
    patience.storageSilenceMs = usual.storageSilenceMs;
  }
  expect(fake.asked).toHaveLength(1);
});

it('the digest of what is sent is signed into the request', async () => {
  await receive((await openMachine()).store);
  const headers = fake.asked.find(({ method }) => method === 'PUT')?.headers;
  expect(headers?.['x-amz-content-sha256']).toBe(sha256);
  expect(headers?.authorization).toContain('x-amz-content-sha256');
});

it('a store that knows conditions keeps what is there, and one that says 501 is asked first', async () => {
  expect([await bucket.putNew('x', bytes), await bucket.putNew('x', Buffer.from('other'))]).toEqual([true, false]);
  fake.lie = (asked, res) => asked.headers['if-none-match'] !== undefined && say(res, 501);
  expect([await bucket.putNew('x', Buffer.from('other')), await bucket.putNew('y', bytes)]).toEqual([false, true]);
  expect(fake.objects.get('x')?.bytes.equals(bytes)).toBe(true);
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
