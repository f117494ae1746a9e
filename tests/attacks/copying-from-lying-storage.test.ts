// Files on their way into a backup, out of it, or into a bucket (lib/server/backup/copy-files.ts), while one of the stores is behind, has less than it says, or holds what is
// somebody else's. What must be there is said by rows; a store that does not have it ends the work.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Sha256 } from '#lib/core/ids.ts';
import { copyAll, copyFiles, copyParts, requireNothingElse } from '#lib/server/backup/copy-files.ts';
import { readBucketAddress } from '#lib/server/files/bucket-address.ts';
import { openBucket } from '#lib/server/files/bucket.ts';
import { openFolderStore } from '#lib/server/files/folder-store.ts';
import { openS3Store } from '#lib/server/files/s3-store.ts';
import type { FileStore } from '#lib/server/files/store.ts';
import { honest, startFakeBucket, type FakeBucket } from '../support/fake-bucket.ts';

const root = mkdtempSync(path.join(tmpdir(), 'copying-'));
let fake: FakeBucket;
let inBucket: FileStore;
let inFolder: FileStore;
let made = 0;

beforeAll(async () => {
  fake = await startFakeBucket();
});
beforeEach(async () => {
  const address = readBucketAddress(fake.url);
  if (typeof address === 'string') throw new Error(address);
  const bucket = openBucket(address, { accessKeyId: 'a', secretAccessKey: 'b' });
  const at = path.join(root, String((made += 1)));
  inBucket = await openS3Store(bucket, { folder: path.join(at, 'copies'), bytesMax: 1e9 });
  inFolder = await openFolderStore(path.join(at, 'folder'));
});
afterEach(() => fake.reset());
afterAll(async () => {
  await fake.stop();
  rmSync(root, { recursive: true, force: true });
});

const keep = async (store: FileStore, ...texts: string[]): Promise<Sha256[]> =>
  Promise.all(
    texts.map(async (text) => (await store.receive(Readable.from([Buffer.from(text)]), { bytesMax: 100 })).sha256),
  );
const keyOf = (sha256: Sha256): string => `files/${sha256.slice(0, 2)}/${sha256}`;

it('every file of every page of a listing is copied, and a second time none', async () => {
  const files = await keep(inBucket, 'a', 'b', 'c', 'd', 'e', 'f', 'g');
  expect(await copyAll(inBucket, inFolder, files)).toEqual({ files: [...files].sort(), copied: 7 });
  expect(await copyAll(inBucket, inFolder, files)).toMatchObject({ copied: 0 });
  for (const sha256 of files) expect(await inFolder.read(sha256)).toEqual(fake.objects.get(keyOf(sha256))?.bytes);
});

it('a file that rows name is copied also where the listing does not show it yet', async () => {
  const files = await keep(inBucket, 'a', 'b');
  fake.lie = ({ key }, res) => key === '' && !!res.end('<ListBucketResult><Name>bucket</Name></ListBucketResult>');
  expect((await copyAll(inBucket, inFolder, files)).files).toEqual([...files].sort());
});

it('a file that is removed while others are copied ends the work where rows name it, and is left out else', async () => {
  const [first, second] = (await keep(inFolder, 'a', 'b')) as [Sha256, Sha256];
  const losing: FileStore = {
    ...inFolder,
    open: async (sha256) => {
      if (sha256 === first) await inFolder.remove(first, { before: new Date(Date.now() + 60_000) });
      return inFolder.open(sha256);
    },
  };
  await expect(copyAll(losing, inBucket, [first, second])).rejects.toMatchObject({ code: 'backup.file-missing' });
  await keep(inFolder, 'a');
  expect((await copyAll(losing, inBucket, [second])).files).toEqual([second]);
});

it('what lies in the target with another length is sent again', async () => {
  const [sha256] = (await keep(inFolder, 'all of it')) as [Sha256];
  fake.objects.set(keyOf(sha256), { bytes: Buffer.from('half'), sealed: undefined, since: new Date() });
  await copyFiles(inFolder, inBucket, [sha256]);
  expect(fake.objects.get(keyOf(sha256))?.bytes.toString()).toBe('all of it');
});

it('other bytes than the digest says are never copied', async () => {
  const files = await keep(inBucket, 'a');
  const address = readBucketAddress(fake.url);
  if (typeof address === 'string') throw new Error(address);
  const elsewhere = openBucket(address, { accessKeyId: 'a', secretAccessKey: 'b' });
  const another = await openS3Store(elsewhere, { folder: path.join(root, 'another'), bytesMax: 1e9 });
  fake.lie = ({ method, key }, res) => method === 'GET' && key !== '' && !!res.end('z');
  await expect(copyAll(another, inFolder, files)).rejects.toMatchObject({ code: 'storage.other-bytes' });
  fake.lie = honest;
  expect(await inFolder.has(files[0] as Sha256)).toBe(false);
});

it('a target that holds files of somebody else is refused; what broke off goes on', async () => {
  const [ours] = (await keep(inFolder, 'ours')) as [Sha256];
  await keep(inBucket, 'ours');
  await requireNothingElse(inBucket, inFolder);
  await expect(requireNothingElse(inBucket, null)).rejects.toMatchObject({ code: 'backup.not-empty' });
  await keep(inBucket, 'of somebody else');
  await expect(requireNothingElse(inBucket, inFolder)).rejects.toMatchObject({ code: 'backup.not-empty' });
  expect(await inBucket.has(ours)).toBe(true);
});

it('what came of uploads on their way goes along, once', async () => {
  const piece = Buffer.from('the first half, ');
  await inFolder.parts.put('on-its-way', 0, Readable.from([piece]), { bytesMax: 100 });
  await inFolder.parts.put('too', 0, Readable.from([piece]), { bytesMax: 100 });
  expect(await copyParts(inFolder.parts, inBucket.parts)).toBe(2);
  expect(await copyParts(inFolder.parts, inBucket.parts)).toBe(0);
  expect(await inBucket.parts.kept('on-its-way')).toBe(piece.length);
});
