// The file store: bytes under their digest, limits on the way in, nothing left of what was refused.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSha256 } from '#lib/core/ids.ts';
import { openFileStore, type FileStore } from '#lib/server/files/store.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'countersign-files-'));
const bytes = randomBytes(200_000);
const sha256 = readSha256(createHash('sha256').update(bytes).digest('hex'));
let store: FileStore;
beforeAll(async () => {
  store = await openFileStore(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
    expect(stored).toEqual({
      sha256,
      size: bytes.length,
      path: path.join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256),
    });
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
    const part = Buffer.concat((await store.open(sha256, { start: 10, end: 19 }).toArray()) as Buffer[]);
    expect(part.equals(bytes.subarray(10, 20))).toBe(true);
  });

  it('removes what killed uploads left a day ago, and leaves what may be running', async () => {
    const [old, fresh] = ['old', 'fresh'].map((name) => path.join(folder, 'incoming', name)) as [string, string];
    for (const file of [old, fresh]) writeFileSync(file, 'x');
    utimesSync(old, new Date(0), new Date(0));
    await openFileStore(folder);
    expect(incoming()).toEqual(['fresh']);
    rmSync(fresh);
  });
});
