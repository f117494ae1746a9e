// Small zip files read whole: what the evidence writer makes comes back, and the strictness of wheels holds for them too.
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { bundleLimits } from '#lib/python/limits.ts';
import { fromBytes } from '#lib/python/source.ts';
import { readZipEntries } from '#lib/python/zip-entries.ts';
import { makeZip } from '../support/archives.ts';
import { codeOf } from '../support/inspections.ts';

const read = (bytes: Uint8Array, limits = bundleLimits) => readZipEntries(fromBytes(bytes), limits);

describe('zip files read whole', () => {
  test('what fflate writes comes back byte for byte, folders left out', async () => {
    const bytes = zipSync({
      'policy/1.json': strToU8('{}'),
      SHA256SUMS: strToU8('# größe\n'),
      'größe.txt': [strToU8('x'), { level: 0 }],
      empty: new Uint8Array(),
    });
    const entries = await read(bytes);
    expect([...entries.keys()].sort()).toEqual(['SHA256SUMS', 'empty', 'größe.txt', 'policy/1.json']);
    expect(Buffer.from(entries.get('SHA256SUMS') ?? []).toString()).toBe('# größe\n');
    expect(
      (
        await read(
          makeZip([
            { path: 'keys/', method: 0 },
            { path: 'keys/a', content: 'a' },
          ]),
        )
      ).size,
    ).toBe(1);
  });

  test('an empty zip file has no entries', async () => {
    expect((await read(makeZip([]))).size).toBe(0);
  });

  test('trailing data, duplicates, foreign paths and limits are refused', async () => {
    const one = { path: 'a', content: 'a' };
    expect(await codeOf(() => read(makeZip([one], { after: Buffer.from('x') })))).toBe('distribution.polyglot');
    expect(await codeOf(() => read(makeZip([one, one])))).toBe('distribution.duplicate-path');
    expect(await codeOf(() => read(makeZip([{ path: '../a' }])))).toBe('distribution.bad-path');
    expect(await codeOf(() => read(makeZip([one]), { ...bundleLimits, fileBytesMax: 10 }))).toBe(
      'distribution.too-large',
    );
    expect(await codeOf(() => read(makeZip([one, { path: 'b' }]), { ...bundleLimits, entriesMax: 1 }))).toBe(
      'distribution.too-large',
    );
    expect(
      await codeOf(() =>
        read(makeZip([{ path: 'a', content: 'x'.repeat(500) }]), { ...bundleLimits, unpackedBytesMax: 400 }),
      ),
    ).toBe('distribution.too-large');
  });
});
