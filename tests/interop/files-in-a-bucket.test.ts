// The file store in a bucket of a real store that speaks S3: what every store promises, large files in parts, and copies that are checked. What a store
// does that is down or lies is in tests/attacks/lying-storage.test.ts.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSha256 } from '#lib/core/ids.ts';
import { digestFile } from '#lib/digest/digest-file.ts';
import { readBucketAddress } from '#lib/server/files/bucket-address.ts';
import { openBucket, type Bucket } from '#lib/server/files/bucket.ts';
import { openS3Store } from '#lib/server/files/s3-store.ts';
import type { FileStore } from '#lib/server/files/store.ts';
import { limits } from '#lib/server/limits.ts';
import { keepsItsPromises } from '../support/file-store-contract.ts';
import { startSwift, type Swift } from '../support/swift.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bucket-files-'));
let swift: Swift;
beforeAll(async () => {
  swift = await startSwift();
});
afterAll(async () => {
  await swift?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Asks past our own code. */
const client = new AwsClient({
  accessKeyId: 'test:tester',
  secretAccessKey: 'testing',
  region: 'us-east-1',
  service: 's3',
});

async function openBucketNamed(name: string): Promise<Bucket> {
  const address = readBucketAddress(await swift.bucket(name, 'some/folder'));
  if (typeof address === 'string') throw new Error(address);
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = swift.keys;
  return openBucket(address, { accessKeyId, secretAccessKey });
}

let machines = 0;
/** A machine of its own each time. */
const openMachine = async (bucket: Bucket, bytesMax = 1e9): Promise<{ store: FileStore; copies: string }> => {
  const copies = path.join(folder, `machine-${(machines += 1)}`);
  return { store: await openS3Store(bucket, { folder: copies, bytesMax }), copies };
};
const copiesIn = (copies: string): string[] =>
  readdirSync(copies, { recursive: true, encoding: 'utf8' }).filter((name) => /[0-9a-f]{64}$/.test(name));

describe('the file store in a bucket', () => {
  keepsItsPromises(async () => {
    const bucket = await openBucketNamed('promises');
    const { store, copies } = await openMachine(bucket);
    const incoming = (): string[] => readdirSync(path.join(copies, 'incoming'));
    return { store, again: async () => (await openMachine(bucket)).store, incoming, close: async () => undefined };
  });
});

describe('a large file', () => {
  const piece = Buffer.alloc(1024 ** 2);
  const size = 2 * limits.storagePartBytes + 5;
  async function* large(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < size; at += piece.length) {
      piece.writeUInt32LE(at);
      yield piece.subarray(0, Math.min(piece.length, size - at));
    }
  }

  it('goes in parts and comes back on another machine byte for byte, and is copied once there', async () => {
    const bucket = await openBucketNamed('large');
    const { store } = await openMachine(bucket);
    const stored = await store.receive(large(), { bytesMax: size });
    expect(stored.size).toBe(size);
    const another = await openMachine(bucket);
    const [first, second] = await Promise.all([another.store.local(stored.sha256), another.store.local(stored.sha256)]);
    expect(first).toBe(second);
    expect((await digestFile(first, { plain: ['sha256'], tails: [] })).plain.sha256).toBe(stored.sha256);
    expect(copiesIn(another.copies)).toHaveLength(1);
  });
});

it('what a killed program left goes when it is old: parts of a large file, and what was written to try the store', async () => {
  const bucket = await openBucketNamed('left-lying');
  const { store } = await openMachine(bucket);
  const begun = async (): Promise<string[]> => {
    const answer = await client.fetch(`${swift.base}/left-lying?uploads=&prefix=some/folder/`);
    return [...(await answer.text()).matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
  };
  for (const key of ['files/aa/one', 'files/aa/two', 'files/aa/three', 'files/aa/four'])
    await client.fetch(`${swift.base}/left-lying/some/folder/${key}?uploads=`, { method: 'POST' });
  for (const name of ['1', '2', '3', '4']) await bucket.put(`check/${name}`, Buffer.from(name));
  await store.tidy(new Date(Date.now() - 60_000));
  expect(await begun()).not.toEqual([]);
  await store.tidy(new Date(Date.now() + 60_000));
  const checks: string[] = [];
  for await (const { key } of bucket.list('check/')) checks.push(key);
  expect([await begun(), checks]).toEqual([[], []]);
});

describe('copies on a machine', () => {
  it('that were not used for long go when there are too many bytes; the bucket keeps them all', async () => {
    const bucket = await openBucketNamed('copies');
    const { store, copies } = await openMachine(bucket, 2500);
    const files: string[] = [];
    for (const letter of ['a', 'b', 'c', 'd']) {
      const bytes = Buffer.alloc(1000, letter);
      const { sha256 } = await store.receive(
        (async function* () {
          yield bytes;
        })(),
        { bytesMax: 1000 },
      );
      files.push(sha256);
      // All but the newest were last used long ago, one after the other.
      if (letter !== 'd') utimesSync(await store.local(sha256), new Date(files.length), new Date(files.length));
    }
    expect(
      copiesIn(copies)
        .map((name) => path.basename(name))
        .sort(),
    ).toEqual(files.slice(2).sort());
    for (const sha256 of files) {
      const copy = await store.local(readSha256(sha256));
      expect([
        existsSync(copy),
        createHash('sha256')
          .update(await store.read(readSha256(sha256)))
          .digest('hex'),
      ]).toEqual([true, sha256]);
    }
  });
});

it('what lies in a place is not put there anew, also where the store knows no conditions', async () => {
  const bucket = await openBucketNamed('conditions');
  expect(await bucket.putNew('x', Buffer.from('one'))).toBe(true);
  expect(await bucket.putNew('x', Buffer.from('two'))).toBe(false);
  expect((await bucket.look('x'))?.size).toBe(3);
});
