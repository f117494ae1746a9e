// Files are hashed in a thread, once for everything that is asked, and give what the system's own tools give.
import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { DigestRequest } from '#lib/core/digest.ts';
import { digestBytes, sha256Hex } from '#lib/digest/digest-bytes.ts';
import { digestFile } from '#lib/digest/digest-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'countersign-digest-'));

function fileOf(size: number): { file: string; bytes: Buffer } {
  const bytes = createHash('shake256', { outputLength: size || 1 })
    .update(`${size}`)
    .digest()
    .subarray(0, size);
  const file = path.join(folder, `${size}`);
  writeFileSync(file, bytes);
  return { file, bytes };
}

const tail = (algorithm: DigestRequest['algorithm'], salt: string | null): DigestRequest => ({
  algorithm,
  salt: salt === null ? null : Buffer.from(salt),
  suffix: Buffer.from(`${algorithm} suffix`),
});

test.each([0, 1, 1 << 20, (1 << 20) + 1, 3_000_000])(
  'a file of %i octets has the digests that node gives its bytes',
  async (size) => {
    const { file, bytes } = fileOf(size);
    const result = await digestFile(file, { plain: ['sha256', 'sha512', 'md5'], tails: [] });
    expect(result.size).toBe(size);
    expect(result.plain.sha256).toBe(sha256Hex(bytes));
    expect(result.plain.sha512).toBe(createHash('sha512').update(bytes).digest('hex'));
    expect(result.plain.md5).toBe(createHash('md5').update(bytes).digest('hex'));
  },
);

test('BLAKE2b-256 is what b2sum says, not a cut BLAKE2b-512', async () => {
  const { file } = fileOf(100_000);
  const [expected] = execFileSync('b2sum', ['-l', '256', file]).toString().split(' ');
  expect((await digestFile(file, { plain: ['blake2b256'], tails: [] })).plain.blake2b256).toBe(expected);
});

test('tails of many signatures, salted or not, come from one pass and equal the digests over the bytes', async () => {
  const { file, bytes } = fileOf(2_500_000);
  const tails = [
    tail('sha256', null),
    tail('sha512', null),
    tail('sha256', 'salt of sixteen.'),
    tail('sha3-256', null),
    tail('sha256', null),
  ];
  const result = await digestFile(file, { plain: ['sha256'], tails });
  expect(result.tails.map((digest) => Buffer.from(digest))).toEqual(
    digestBytes(bytes, tails).map((digest) => Buffer.from(digest)),
  );
  expect(result.plain.sha256).toBe(sha256Hex(bytes));
});

test('more files than threads are all digested, each with its own answer', async () => {
  const files = Array.from({ length: 9 }, (_, index) => fileOf(1000 + index));
  const results = await Promise.all(files.map(({ file }) => digestFile(file, { plain: ['sha256'], tails: [] })));
  expect(results.map(({ plain }) => plain.sha256)).toEqual(files.map(({ bytes }) => sha256Hex(bytes)));
});

test('a file that cannot be read rejects with the system’s code, and the thread goes on', async () => {
  await expect(digestFile(path.join(folder, 'none'), { plain: [], tails: [] })).rejects.toMatchObject({
    code: 'ENOENT',
  });
  await expect(digestFile(folder, { plain: ['sha256'], tails: [] })).rejects.toMatchObject({ code: 'EISDIR' });
  expect((await digestFile(fileOf(5).file, { plain: ['sha256'], tails: [] })).size).toBe(5);
});

// It was found where a busy machine took long to end a thread: the file that came meanwhile was given to it, and lost.
test('a file that comes while idle threads are being ended is digested by a new one', async () => {
  vi.resetModules();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { digestFile: digestAnew } = await import('#lib/digest/digest-file.ts');
  const digest = () => digestAnew(fileOf(7).file, { plain: ['sha256'], tails: [] });
  await Promise.all([digest(), digest()]);
  vi.advanceTimersByTime(60_000);
  expect((await Promise.all([digest(), digest(), digest()])).map(({ size }) => size)).toEqual([7, 7, 7]);
});
