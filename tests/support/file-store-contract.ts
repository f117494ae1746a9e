// What every file store promises, whatever it lies on: the same tests for the folder and for a bucket.
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSha256 } from '#lib/core/ids.ts';
import { pieceBytes } from '#lib/server/files/pieces.ts';
import type { FileStore } from '#lib/server/files/store.ts';

export type OpenedStore = {
  store: FileStore;
  /** The same store as another process sees it. */
  again(): Promise<FileStore>;
  /** What is left on this machine of what was being taken in. */
  incoming(): string[];
  close(): Promise<void>;
};

const bytes = randomBytes(200_000);
const sha256 = readSha256(createHash('sha256').update(bytes).digest('hex'));
const absent = readSha256('0'.repeat(64));
const day = 24 * 60 * 60 * 1000;

const chunks = () => Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]);

/** As a connection brings it: in chunks of any size, and perhaps not to its end. */
async function* sent(from: number, to: number, breaks = false): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; at += 33_333) yield bytes.subarray(at, Math.min(to, at + 33_333));
  if (breaks) throw new Error('connection reset');
}

async function all<One>(source: AsyncIterable<One>): Promise<One[]> {
  const found: One[] = [];
  for await (const one of source) found.push(one);
  return found;
}

/** The promises as tests over the store that `open` opens, empty. */
export function keepsItsPromises(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  let store: FileStore;
  beforeAll(async () => {
    opened = await open();
    store = opened.store;
  });
  afterAll(() => opened?.close());

  describe('a file', () => {
    it('that is longer than allowed is refused, at the limit and not one byte later, and nothing is kept', async () => {
      const refused = store.receive(chunks(), { bytesMax: bytes.length - 1 });
      await expect(refused).rejects.toMatchObject({ code: 'upload.too-large' });
      expect([await store.has(sha256), opened.incoming()]).toEqual([false, []]);
    });

    it('with other bytes than were announced is refused, and nothing is kept', async () => {
      const refused = store.receive(chunks(), { bytesMax: 1e6, sha256: absent });
      await expect(refused).rejects.toMatchObject({ code: 'upload.digest-differs' });
      expect([await store.has(sha256), await store.has(absent), opened.incoming()]).toEqual([false, false, []]);
    });

    it('that breaks off is refused, and nothing is kept', async () => {
      const refused = store.receive(sent(0, 1000, true), { bytesMax: 1e6 });
      await expect(refused).rejects.toMatchObject({ code: 'upload.broken-off' });
      expect(opened.incoming()).toEqual([]);
    });

    it('that is accepted lies under its digest, whole and in parts, here and for another process', async () => {
      expect(await store.receive(chunks(), { bytesMax: bytes.length, sha256 })).toEqual({ sha256, size: bytes.length });
      for (const one of [store, await opened.again()]) {
        expect([await one.has(sha256), await one.size(sha256)]).toEqual([true, bytes.length]);
        expect((await one.read(sha256)).equals(bytes)).toBe(true);
        const part = Buffer.concat(await all(await one.open(sha256, { start: 10, end: 19 })));
        expect(part.equals(bytes.subarray(10, 20))).toBe(true);
      }
      expect(opened.incoming()).toEqual([]);
    });

    it('comes twice at the same time without a fault', async () => {
      const twice = [store.receive(chunks(), { bytesMax: 1e6 }), store.receive(chunks(), { bytesMax: 1e6 })];
      expect((await Promise.all(twice)).map((stored) => stored.sha256)).toEqual([sha256, sha256]);
    });

    it('that is not there is said to be missing', async () => {
      for (const ask of [store.size, store.read, store.open, store.local])
        await expect(ask(absent)).rejects.toMatchObject({ code: 'file.not-in-store' });
      expect(await store.has(absent)).toBe(false);
    });

    it('is listed, and removed when it is older than asked for; one that came since stays', async () => {
      const listed = await all(store.list());
      expect(listed.map((file) => [file.sha256, file.size])).toEqual([[sha256, bytes.length]]);
      const since = listed[0]?.since.getTime() ?? 0;
      expect(await store.remove(sha256, { before: new Date(since - day) })).toBe(false);
      expect(await store.has(sha256)).toBe(true);
      expect(await store.remove(sha256, { before: new Date(since + day) })).toBe(true);
      expect(await store.remove(sha256, { before: new Date(since + day) })).toBe(false);
      expect([await store.has(sha256), await all(store.list()), opened.incoming()]).toEqual([false, [], []]);
      await expect(store.read(sha256)).rejects.toMatchObject({ code: 'file.not-in-store' });
    });
  });

  describe('parts of an upload', () => {
    const put = (upload: string, from: number, to: number, breaks = false) =>
      store.parts.put(upload, from, sent(from, to, breaks), { bytesMax: bytes.length - from });
    const whole = async (upload: string, length = bytes.length): Promise<Buffer> =>
      Buffer.concat(await all(store.parts.read(upload, length)));

    it('go on where a connection broke, in another process too, and give back the very bytes', async () => {
      expect(await store.parts.kept('a')).toBe(0);
      expect(await put('a', 0, 70_000, true)).toEqual({ kept: 70_000, isWhole: false });
      const { parts } = await opened.again();
      expect(await parts.kept('a')).toBe(70_000);
      const rest = await parts.put('a', 70_000, sent(70_000, bytes.length), { bytesMax: bytes.length });
      expect(rest).toEqual({ kept: bytes.length - 70_000, isWhole: true });
      expect((await whole('a')).equals(bytes)).toBe(true);
      const stored = await store.receive(store.parts.read('a', bytes.length), { bytesMax: bytes.length, sha256 });
      expect(stored).toEqual({ sha256, size: bytes.length });
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
      const long = Readable.from([filler, filler]);
      expect(await store.parts.put('e', 0, long, { bytesMax: 1e9 })).toMatchObject({ kept: 2 * filler.length });
      expect((await whole('e', 2 * filler.length)).equals(Buffer.alloc(2 * filler.length, 7))).toBe(true);
      // Where the first piece ended, and nowhere else.
      await expect(put('e', filler.length, 9)).rejects.toMatchObject({ code: 'upload.wrong-offset' });
      expect(await store.parts.put('e', pieceBytes, sent(0, 9), { bytesMax: 9 })).toMatchObject({ kept: 9 });
    });

    it('are listed and removed with their upload, also where there is nothing', async () => {
      const names = ['a', 'b', 'c', 'd', 'e'];
      expect((await all(store.parts.uploads())).sort()).toEqual(names);
      for (const upload of [...names, 'never']) await store.parts.remove(upload);
      expect([await all(store.parts.uploads()), opened.incoming()]).toEqual([[], []]);
    });

    it('have no names but ids of ours', async () => {
      await expect(store.parts.kept('../files')).rejects.toThrow('no id of an upload');
    });
  });

  it('it can be asked whether it works', () => expect(store.check()).resolves.toBeUndefined());
}
