// Endless data, slow retrieval and everything else that a server can do with HTTP alone (TUF, “endless data attacks”, “slow retrieval attacks”): the
// client gives up in its time, with a word for what happened, and never takes half of something for the whole.
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { exitCode, isRefusal, type RefusalCode } from '#lib/core/errors.ts';
import { openIndex, usualLimits, type FetchLimits } from '#cli/index/fetch-index.ts';
import {
  cutOff,
  dripping,
  endless,
  openHostileIndex,
  packed,
  silent,
  status,
  stuck,
  type Answer,
  type HostileIndex,
} from '../../support/hostile-index.ts';

const honest = new Map([
  ['evidence/demo/releases.json', Buffer.from(`{"text":"${'honest '.repeat(200)}"}`)],
  ['files/wheel', Buffer.from('wheel '.repeat(100))],
]);
// The usual limits, less time and size.
const patience = { ms: 1500, windowMs: 300, bytesPerWindow: 64 };
const limits: FetchLimits = {
  document: { ...usualLimits.document, ...patience, bytesMax: 1024 ** 2 },
  file: { ...usualLimits.file, ...patience },
  documents: { bytesMax: 3 * 1024 ** 2, ms: 60_000 },
};

let index: HostileIndex;
beforeAll(async () => {
  index = await openHostileIndex(honest);
});
afterEach(() => index.restore(honest));
afterAll(() => index.stop());

async function refusedWith(work: Promise<unknown>): Promise<RefusalCode> {
  const fault: unknown = await work.then(
    () => new Error('was taken'),
    (thrown: unknown) => thrown,
  );
  if (!isRefusal(fault)) throw fault;
  expect(exitCode[fault.kind]).toBe(3);
  return fault.code;
}

const lies: [string, Answer, RefusalCode][] = [
  ['that never ends', endless, 'index.too-large'],
  ['that comes drop by drop', dripping(50), 'index.too-slow'],
  ['that begins and then stops', stuck, 'index.too-slow'],
  ['that never comes', silent, 'index.too-slow'],
  ['shorter than it says', cutOff, 'index.broken-off'],
  ['that is a redirect to another host', status(302, { location: 'http://elsewhere.invalid/' }), 'index.redirects'],
  ['that is a redirect to the same path', status(307, { location: '/evidence/demo/releases.json' }), 'index.redirects'],
  ['that is a redirect to a file of this machine', status(301, { location: 'file:///etc/passwd' }), 'index.redirects'],
  ['that is a fault of the server', status(500), 'verify.unreachable'],
  ['that is “partial content”', status(206), 'verify.unreachable'],
  ['that is a refusal', status(403), 'verify.unreachable'],
  ['whose connection is cut', (res) => void res.destroy(), 'verify.unreachable'],
  ['that is packed', packed('gzip', gzipSync), 'index.encoded'],
  ['that is packed and torn', packed('gzip', (bytes) => gzipSync(bytes).subarray(0, 40)), 'index.encoded'],
  ['that is a bomb', packed('gzip', () => gzipSync(Buffer.alloc(64 * 1024 ** 2))), 'index.encoded'],
  ['that is packed several times over', packed('gzip, br', (bytes) => brotliCompressSync(bytes)), 'index.encoded'],
];

describe('a document', () => {
  const read = () => openIndex(index.base, limits).read('evidence/demo/releases.json');

  test.each(lies)('%s is not taken', async (_, how, code) => {
    index.answer(/./, how);
    expect(await refusedWith(read())).toBe(code);
  });

  test('that is there is read, and one that is not there is nothing', async () => {
    expect(await read()).toEqual(honest.get('evidence/demo/releases.json'));
    index.restore(new Map());
    expect(await read()).toBeNull();
  });

  test('after the other may not cost more than all of them together may', async () => {
    index.answer(/./, (res) => void res.end(Buffer.alloc(900 * 1024)));
    const { read: again } = openIndex(index.base, limits);
    for (let done = 0; done < 3; done += 1) expect(await again(`document ${done}`)).toHaveLength(900 * 1024);
    expect(await refusedWith(again('one more'))).toBe('index.too-large');
  });

  test('after the other may not take longer than all of them together may', async () => {
    index.answer(/./, (res) => void setTimeout(() => res.end('late'), 80));
    const { read: again } = openIndex(index.base, { ...limits, documents: { ...limits.documents, ms: 200 } });
    const many = async (): Promise<void> => {
      for (let done = 0; done < 50; done += 1) await again(`document ${done}`);
    };
    expect(await refusedWith(many())).toBe('index.too-slow');
  });
});

describe('a file', () => {
  const measure = () => openIndex(index.base, limits).measure('files/wheel', 600);

  const others = lies.filter(([, , code]) => code !== 'index.too-large' && code !== 'index.broken-off');
  test.each(others)('%s is not taken', async (_, how, code) => {
    index.answer(/./, how);
    expect(await refusedWith(measure())).toBe(code);
  });

  test('larger than its record says is cut off, and refused for what it is', async () => {
    index.answer(/./, endless);
    await expect(measure()).rejects.toMatchObject({ code: 'evidence.record-differs' });
  });

  test('shorter than it says is not taken', async () => {
    index.answer(/./, cutOff);
    expect(await refusedWith(measure())).toBe('index.broken-off');
  });
});
