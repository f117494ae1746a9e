// The file store: bytes under their digest, limits on the way in, nothing left of what was refused.
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSha256 } from '#lib/core/ids.ts';
import { openFolderStore } from '#lib/server/files/folder-store.ts';
import { pieceBytes } from '#lib/server/files/pieces.ts';
import type { FileStore } from '#lib/server/files/store.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'countersign-files-'));
const bytes = randomBytes(200_000);
const sha256 = readSha256(createHash('sha256').update(bytes).digest('hex'));
let store: FileStore;
beforeAll(async () => {
  store = await openFolderStore(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function all<One>(source: AsyncIterable<One>): Promise<One[]> {
  const found: One[] = [];
  for await (const one of source) found.push(one);
  return found;
}
const chunks = () => Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]);
const incoming = () => readdirSync(path.join(folder, 'incoming'));

describe('the file store', () => {
  it('refuses what is longer than allowed, at the limit and not one byte later, and keeps nothing', async () => {
    await expect(store.receive(chunks(), { bytesMax: bytes.length - 1 })).rejects.toMatchObject({
      code: 'upload.too-large',
    });
    expect(await store.has(sha256)).toBe(false);
    expect(incoming()).toEqual([]);
  });

  it('refuses other bytes than were announced and keeps nothing', async () => {
    const other = readSha256('0'.repeat(64));
    await expect(store.receive(chunks(), { bytesMax: 1e6, sha256: other })).rejects.toMatchObject({
      code: 'upload.digest-differs',
    });
    expect([await store.has(sha256), await store.has(other), incoming()]).toEqual([false, false, []]);
  });

  it('refuses what breaks off and keeps nothing', async () => {
    const broken = (async function* () {
      yield bytes.subarray(0, 1000);
      throw new Error('connection reset');
    })();
    await expect(store.receive(broken, { bytesMax: 1e6 })).rejects.toMatchObject({ code: 'upload.broken-off' });
    expect(incoming()).toEqual([]);
  });

  it('keeps accepted bytes under their digest', async () => {
    const stored = await store.receive(chunks(), { bytesMax: bytes.length, sha256 });
    expect(stored).toEqual({ sha256, size: bytes.length });
    expect(await store.local(sha256)).toBe(path.join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256));
    expect(await store.has(sha256)).toBe(true);
    expect(await store.size(sha256)).toBe(bytes.length);
    expect((await store.read(sha256)).equals(bytes)).toBe(true);
    expect(incoming()).toEqual([]);
  });

  it('takes the same bytes again without a fault', async () => {
    const twice = await Promise.all([
      store.receive(chunks(), { bytesMax: 1e6 }),
      store.receive(chunks(), { bytesMax: 1e6 }),
    ]);
    expect(twice.map((stored) => stored.sha256)).toEqual([sha256, sha256]);
  });

  it('streams a part, first and last byte included', async () => {
    const part = Buffer.concat((await (await store.open(sha256, { start: 10, end: 19 })).toArray()) as Buffer[]);
    expect(part.equals(bytes.subarray(10, 20))).toBe(true);
  });

  it('removes what killed uploads left a day ago, and leaves what may be running', async () => {
    const [old, fresh] = ['old', 'fresh'].map((name) => path.join(folder, 'incoming', name)) as [string, string];
    for (const file of [old, fresh]) writeFileSync(file, 'x');
    utimesSync(old, new Date(0), new Date(0));
    await openFolderStore(folder);
    expect(incoming()).toEqual(['fresh']);
    rmSync(fresh);
  });
});

const day = 24 * 60 * 60 * 1000;

describe('a stored file', () => {
  it('that is not there is said to be missing', async () => {
    const absent = readSha256('0'.repeat(64));
    for (const ask of [store.size, store.read, store.open, store.local])
      await expect(ask(absent)).rejects.toMatchObject({ code: 'file.not-in-store' });
  });

  it('is listed, and removed when it is older than asked for; one that came again since stays', async () => {
    const listed = await all(store.list());
    expect(listed.map((file) => [file.sha256, file.size])).toEqual([[sha256, bytes.length]]);
    const since = listed[0]?.since.getTime() ?? 0;
    expect(await store.remove(sha256, { before: new Date(since - day) })).toBe(false);
    expect(await store.has(sha256)).toBe(true);
    expect(await store.remove(sha256, { before: new Date(since + day) })).toBe(true);
    expect(await store.remove(sha256, { before: new Date(since + day) })).toBe(false);
    expect([await store.has(sha256), await all(store.list()), incoming()]).toEqual([false, [], []]);
  });

  it('can be written, read and removed on this disk, or it is said why not', async () => {
    await store.check();
    expect(incoming()).toEqual([]);
    rmSync(path.join(folder, 'incoming'), { recursive: true });
    await expect(store.check()).rejects.toThrow(/ENOENT/);
    mkdirSync(path.join(folder, 'incoming'));
  });
});

/** As a connection brings it: in chunks of any size, and perhaps not to its end. */
async function* sent(from: number, to: number, breaks = false): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; at += 33_333) yield bytes.subarray(at, Math.min(to, at + 33_333));
  if (breaks) throw new Error('connection reset');
}

describe('parts of an upload', () => {
  const put = (upload: string, from: number, to: number, breaks = false) =>
    store.parts.put(upload, from, sent(from, to, breaks), { bytesMax: bytes.length - from });
  const whole = async (upload: string, length = bytes.length): Promise<Buffer> =>
    Buffer.concat(await all(store.parts.read(upload, length)));

  it('go on where a connection broke, in another process too, and give back the very bytes', async () => {
    expect(await store.parts.kept('a')).toBe(0);
    expect(await put('a', 0, 70_000, true)).toEqual({ kept: 70_000, isWhole: false });
    const another = await openFolderStore(folder);
    expect(await another.parts.kept('a')).toBe(70_000);
    expect(await another.parts.put('a', 70_000, sent(70_000, bytes.length), { bytesMax: bytes.length })).toEqual({
      kept: bytes.length - 70_000,
      isWhole: true,
    });
    expect((await whole('a')).equals(bytes)).toBe(true);
    expect(await store.receive(store.parts.read('a', bytes.length), { bytesMax: bytes.length, sha256 })).toEqual({
      sha256,
      size: bytes.length,
    });
  });

  it('are never read past what came, nor handed out short', async () => {
    await put('b', 0, 1000);
    expect((await whole('b', 600)).equals(bytes.subarray(0, 600))).toBe(true);
    await expect(whole('b', 1001)).rejects.toMatchObject({ code: 'upload.parts-missing' });
  });

  it('take nothing at another offset than where something ended, and forget what came after that', async () => {
    await put('c', 0, 1000);
    await put('c', 1000, 3000);
    await expect(put('c', 500, 900)).rejects.toMatchObject({ code: 'upload.wrong-offset' });
    await expect(put('c', 3001, 4000)).rejects.toMatchObject({ code: 'upload.wrong-offset' });
    expect(await store.parts.kept('c')).toBe(3000);
    await put('c', 1000, 1500);
    expect(await store.parts.kept('c')).toBe(1500);
  });

  it('keep what is allowed and refuse the byte after it', async () => {
    const tooMuch = store.parts.put('d', 0, sent(0, 50_000), { bytesMax: 40_000 });
    await expect(tooMuch).rejects.toMatchObject({ code: 'upload.too-large' });
    expect((await whole('d', 40_000)).equals(bytes.subarray(0, 40_000))).toBe(true);
  });

  it('are cut into pieces of bounded size', async () => {
    const filler = Buffer.alloc(pieceBytes - 1, 7);
    const long = async function* () {
      yield filler;
      yield filler;
    };
    expect(await store.parts.put('e', 0, long(), { bytesMax: 1e9 })).toMatchObject({ kept: 2 * filler.length });
    expect(readdirSync(path.join(folder, 'parts', 'e')).map(Number)).toEqual([0, pieceBytes]);
    const read = Buffer.concat(await all(store.parts.read('e', 2 * filler.length)));
    expect(read.equals(Buffer.alloc(2 * filler.length, 7))).toBe(true);
  });

  it('are listed and removed with their upload, also where there is nothing', async () => {
    expect((await all(store.parts.uploads())).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    for (const upload of ['a', 'b', 'c', 'd', 'e', 'never']) await store.parts.remove(upload);
    expect(await all(store.parts.uploads())).toEqual([]);
    expect(incoming()).toEqual([]);
  });

  it('have no names but ids of ours', async () => {
    await expect(store.parts.kept('../files')).rejects.toThrow('no id of an upload');
  });
});
