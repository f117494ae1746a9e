// Wheels: what is accepted, and one row for each way in which a wheel could be two things (threats.md, rows 78, 79, 81, 83–85).
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { inspectionLimits } from '#lib/python/limits.ts';
import {
  makeDescriptor,
  makeTarMember,
  makeZip,
  metadataText,
  recordOf,
  wheelFiles,
  type WheelParts,
  type ZipFile,
} from '../support/archives.ts';
import { inspectBytes, judge } from '../support/inspections.ts';

const name = 'demo-1.0-py3-none-any.whl';
const info = 'demo-1.0.dist-info';
const good = () => wheelFiles();
const module = 'demo/__init__.py';

const judgeParts = (parts: WheelParts) => judge(name, makeZip(wheelFiles(parts)));
/** The good wheel with the first member (the module) written differently. */
const judgeFirst = (over: Partial<ZipFile>) => {
  const [first, ...rest] = good();
  return judge(name, makeZip([{ path: module, content: first?.content ?? '', ...over }, ...rest]));
};
/** The good wheel with one more member, listed in RECORD. */
const judgeWith = (path: string, content = 'x') => judgeParts({ files: { [module]: 'x = 1\n', [path]: content } });

describe('a good wheel is accepted', () => {
  test('what it is, its exact metadata bytes and its tags come back', async () => {
    const inspection = await inspectBytes(name, makeZip(good()));
    expect(inspection).toMatchObject({
      kind: 'wheel',
      project: 'demo',
      version: '1.0',
      requiresPython: '>=3.9',
      tags: ['py3-none-any'],
      findings: [],
    });
    expect(Buffer.from(inspection.metadataBytes).toString()).toBe(metadataText());
  });

  test('a version that is equal under PEP 440 is the same: 1.0 outside, 1.0.0 inside', async () => {
    const inspection = await inspectBytes(name, makeZip(wheelFiles({ metadata: metadataText({ version: '1.0.0' }) })));
    expect(inspection.version).toBe('1.0.0');
  });

  test('stored members, folders, SHA-512 rows and a .data folder are accepted', async () => {
    const files = wheelFiles({
      files: { [module]: 'x = 1\n', 'demo-1.0.data/scripts/run': '#!python\n', 'demo-1.0.data/data/share/x': '1' },
    });
    expect(
      await judge(
        name,
        makeZip([{ path: 'demo/', method: 0, mode: 0o040755 }, ...files.map((file) => ({ ...file, method: 0 }))]),
      ),
    ).toBe('accepted');
  });

  test('a wheel of data only, without modules, is accepted', async () => {
    expect(await judgeParts({ files: { 'demo-1.0.data/data/share/x': '1' } })).toBe('accepted');
  });

  test('members whose sizes follow in a data descriptor are accepted', async () => {
    const content = 'x = 1\n';
    expect(await judgeFirst({ flags: 8, after: makeDescriptor(content) })).toBe('accepted');
    expect(await judgeFirst({ flags: 8, after: makeDescriptor(content).subarray(4) })).toBe('accepted');
  });

  test('a wheel of sixty files with UTF-8 names is accepted', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [`demo/größe_${at}.py`, `x = ${at}\n`.repeat(at * 20)]),
    );
    expect(await judge(name, makeZip(wheelFiles({ files }).map((file) => ({ ...file, flags: 0x800 }))))).toBe(
      'accepted',
    );
  });

  test('oddities are told: another tag, paths that differ in case, unknown headers, an old spelling of the name', async () => {
    const wheel = 'Wheel-Version: 1.0\nTag: py2-none-any\n';
    const files = { 'demo/a.py': '', 'demo/A.py': '' };
    const bytes = makeZip(
      wheelFiles({ wheel, files, info: 'Demo-1.0.dist-info', metadata: metadataText({ more: 'X-Odd: 1\n' }) }),
    );
    const { findings } = await inspectBytes('Demo-1.0-py3-none-any.whl', bytes);
    expect(findings.map(({ code }) => code).sort()).toEqual([
      'file-name.not-normalised',
      'metadata.unknown-header',
      'path.lookalike',
      'wheel.other-tags',
    ]);
  });
});

describe('threat 83: name, version and metadata must agree', () => {
  test.each<[string, WheelParts, string]>([
    ['metadata of another project', { metadata: metadataText({ name: 'other' }) }, 'distribution.mismatch'],
    ['metadata of another version', { metadata: metadataText({ version: '1.1' }) }, 'distribution.mismatch'],
    ['a .dist-info of another project', { info: 'other-1.0.dist-info' }, 'distribution.mismatch'],
    ['a .dist-info of another version', { info: 'demo-2.0.dist-info' }, 'distribution.mismatch'],
    ['a .data of another project', { files: { 'other-1.0.data/data/x': '' } }, 'distribution.mismatch'],
    ['duplicate headers', { metadata: metadataText({ more: 'Name: demo\n' }) }, 'distribution.metadata'],
    ['two .dist-info folders', { files: { 'other-1.0.dist-info/METADATA': 'x' } }, 'distribution.layout'],
    [
      'two .dist-info folders that differ in case',
      { files: { 'Demo-1.0.DIST-INFO/METADATA': 'x' } },
      'distribution.layout',
    ],
    ['an unknown part of .data', { files: { 'demo-1.0.data/sbin/x': '' } }, 'distribution.layout'],
    ['WHEEL of an unknown version', { wheel: 'Wheel-Version: 2.0\n' }, 'distribution.layout'],
    ['WHEEL without a version', { wheel: 'Tag: py3-none-any\n' }, 'distribution.layout'],
    [
      'WHEEL with a second version in other letters',
      { wheel: 'Wheel-Version: 1.0\nwheel-version: 2.0\n' },
      'distribution.layout',
    ],
    [
      'WHEEL with two roots',
      { wheel: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nRoot-Is-Purelib: false\n' },
      'distribution.layout',
    ],
    [
      'WHEEL with a line between that ends its headers',
      { wheel: 'Wheel-Version: 1.0\n\nTag: py3-none-any\n' },
      'distribution.layout',
    ],
    [
      'a part of .data that is installed over a module',
      { files: { 'demo/__init__.py': '1', 'demo-1.0.data/purelib/demo/__init__.py': '2' } },
      'distribution.layout',
    ],
    [
      'two parts of .data for one place',
      { files: { 'demo-1.0.data/purelib/a.py': '1', 'demo-1.0.data/platlib/a.py': '2' } },
      'distribution.layout',
    ],
    [
      'a module where a part of .data has a folder',
      { files: { a: '1', 'demo-1.0.data/platlib/a/b.py': '2' } },
      'distribution.layout',
    ],
    [
      'its own metadata once more in .data',
      { files: { 'demo-1.0.data/purelib/demo-1.0.dist-info/METADATA': metadataText() } },
      'distribution.layout',
    ],
    [
      'metadata of another project in .data',
      { files: { 'demo-1.0.data/platlib/other-1.0.dist-info/METADATA': 'x' } },
      'distribution.layout',
    ],
    ['METADATA above 1 MiB', { metadata: `${metadataText()}${'x'.repeat(2 ** 20)}` }, 'distribution.too-large'],
    ['a local version inside', { metadata: metadataText({ version: '1.0+x' }) }, 'distribution.local-version'],
  ])('%s is refused', async (_, parts, code) => {
    expect(await judgeParts(parts)).toBe(code);
  });

  test.each(['METADATA', 'WHEEL', 'RECORD'])('a wheel without %s is refused', async (missing) => {
    expect(await judge(name, makeZip(good().filter(({ path }) => path !== `${info}/${missing}`)))).toMatch(
      /^distribution\.missing$/,
    );
  });

  test('a wheel without .dist-info is refused', async () => {
    expect(await judge(name, makeZip([{ path: module, content: '' }]))).toBe('distribution.missing');
    expect(await judge(name, makeZip([]))).toBe('distribution.missing');
  });
});

describe('threat 84: RECORD must be complete and true', () => {
  const change = (from: string, to: string) => (rows: string[]) =>
    rows.map((row) => (row.startsWith(`${module},`) ? row.replace(from, to) : row));
  test.each<[string, (rows: string[]) => string[]]>([
    ['a file that is not listed', (rows) => rows.slice(1)],
    ['a listed file that is not there', (rows) => [...rows, `demo/ghost.py,${recordOf('')}`]],
    ['a digest of other content', change(recordOf('x = 1\n'), recordOf('x = 2\n'))],
    ['a wrong size', change(',6', ',7')],
    ['a row without digest', () => [`${module},,`]],
    ['a row with MD5', () => [`${module},md5=XrbHLR0hHzdJZdCdcPHLQg,6`]],
    ['a path listed twice', (rows) => [...rows, rows[0] ?? '']],
    ['a row that is no row', (rows) => [...rows, 'nonsense']],
    ['a row with a stray quote', (rows) => [...rows, `"demo/x,${recordOf('')}`]],
    ['a path that leaves the wheel', (rows) => [...rows, `../../bin/x,${recordOf('')}`]],
    ['a row of megabytes', (rows) => [...rows, `"${'x'.repeat(4e6)}`]],
    ['an empty RECORD', () => []],
  ])('%s is refused', async (_, record) => {
    expect(await judgeParts({ record })).toBe('distribution.record');
  });

  test('a path with a comma is read from quotes', async () => {
    const record = (rows: string[]) => rows.map((row) => row.replace('demo/a,b.py', '"demo/a,b.py"'));
    expect(await judgeParts({ files: { 'demo/a,b.py': '' }, record })).toBe('accepted');
  });
});

describe('threat 78: paths stay plainly inside', () => {
  test.each([
    '/etc/passwd',
    '../x',
    'demo/../../x',
    'demo/./x',
    'demo//x',
    'demo\\x',
    'C:/x',
    'demo/x:stream',
    'demo/\u001b[31mx',
    'demo/x\u0000y',
    'demo/a\nb',
    'demo/\u202egnp.py',
    'demo/\u200bx',
    'demo/nul',
    'demo/CON.txt',
    'demo/com1',
    'demo/x.',
    'demo/x ',
    `demo/${'x'.repeat(256)}`,
    `demo/${'x/'.repeat(600)}x`,
    `demo/${'x/'.repeat(70)}x`,
  ])('%j is refused', async (path) => {
    const files = [...good(), { path, content: '', flags: 0x800 }];
    expect(await judge(name, makeZip(files))).toBe('distribution.bad-path');
  });

  test('a name that is not UTF-8, or not marked as UTF-8, is refused', async () => {
    expect(await judge(name, makeZip([...good(), { path: Buffer.from('demo/\xfc', 'latin1'), flags: 0x800 }]))).toBe(
      'distribution.bad-path',
    );
    expect(await judge(name, makeZip([...good(), { path: 'demo/ü' }]))).toBe('distribution.bad-path');
  });

  test('two members at one path, and a file that is a folder, are refused', async () => {
    expect(await judge(name, makeZip([...good(), { path: module, content: 'evil' }]))).toBe(
      'distribution.duplicate-path',
    );
    expect(await judge(name, makeZip([...good(), { path: `${info}/METADATA`, content: 'evil' }]))).toBe(
      'distribution.duplicate-path',
    );
    expect(await judgeWith(`${module}/x`)).toBe('distribution.duplicate-path');
  });

  test('links and devices in a wheel are refused', async () => {
    expect(await judgeFirst({ mode: 0o120777, content: '/etc/passwd' })).toBe('distribution.special-file');
    expect(await judgeFirst({ mode: 0o020666 })).toBe('distribution.special-file');
  });
});

describe('threat 79: no two readers see different wheels', () => {
  const packed = deflateRawSync(Buffer.from('x = 1\n'));
  const unicodePath = Buffer.concat([Buffer.from([0x75, 0x70, 9, 0, 1, 0, 0, 0, 0]), Buffer.from('evil')]);
  const zip64 = Buffer.concat([Buffer.from([1, 0, 16, 0]), Buffer.alloc(16)]);
  test.each<[string, Partial<ZipFile>, string]>([
    ['another name in the local header', { localPath: 'demo/__evil__.py' }, 'distribution.ambiguous-archive'],
    ['another size in the local header', { localBytes: 5 }, 'distribution.ambiguous-archive'],
    ['another CRC in the local header', { localCrc: 1 }, 'distribution.ambiguous-archive'],
    ['other flags in the local header', { localFlags: 0x800 }, 'distribution.ambiguous-archive'],
    ['content longer than stated', { bytes: 5 }, 'distribution.ambiguous-archive'],
    ['content shorter than stated', { bytes: 7 }, 'distribution.ambiguous-archive'],
    ['a CRC that is not that of the content', { crc: 1 }, 'distribution.checksum'],
    [
      'bytes behind the deflate stream',
      { packed: Buffer.concat([packed, Buffer.from('hidden')]) },
      'distribution.polyglot',
    ],
    ['a cut deflate stream', { packed: packed.subarray(0, -2) }, 'distribution.bad-archive'],
    ['a broken deflate stream', { packed: Buffer.alloc(8, 0xff) }, 'distribution.bad-archive'],
    ['an encrypted member', { flags: 1 }, 'distribution.encrypted'],
    ['a strongly encrypted directory', { flags: 0x2000 }, 'distribution.encrypted'],
    ['a version of zip that Python does not open', { needed: 64 }, 'distribution.ambiguous-archive'],
    ['patched data', { flags: 0x20 }, 'distribution.ambiguous-archive'],
    ['bzip2', { method: 12 }, 'distribution.compression'],
    ['an unknown compression', { method: 99 }, 'distribution.compression'],
    ['a second name in an extra field', { extra: unicodePath }, 'distribution.ambiguous-archive'],
    ['a second name in a local extra field', { localExtra: unicodePath }, 'distribution.ambiguous-archive'],
    ['a zip64 size in the directory', { extra: zip64 }, 'distribution.ambiguous-archive'],
    ['a zip64 field of the wrong length', { localExtra: zip64.subarray(0, 12) }, 'distribution.ambiguous-archive'],
    ['a comment on a member', { comment: 'PK' }, 'distribution.ambiguous-archive'],
    ['a gap behind a member', { after: Buffer.from('hidden') }, 'distribution.ambiguous-archive'],
    [
      'a data descriptor that says something else',
      { flags: 8, after: makeDescriptor('x = 1\n', 7) },
      'distribution.ambiguous-archive',
    ],
    ['an announced data descriptor that is not there', { flags: 8 }, 'distribution.ambiguous-archive'],
    ['a folder with content', { path: 'demo/', method: 0 }, 'distribution.ambiguous-archive'],
  ])('%s is refused', async (_, over, code) => {
    expect(await judgeFirst(over)).toBe(code);
  });

  test('an end record that counts other members than the directory holds is refused', async () => {
    expect(await judge(name, makeZip(good(), { count: 3 }))).toBe('distribution.ambiguous-archive');
    expect(await judge(name, makeZip(good(), { count: 5 }))).toMatch(/^distribution\.(?:ambiguous|bad)-archive$/);
    expect(await judge(name, makeZip(good(), { beforeDirectory: Buffer.from('hidden') }))).toBe(
      'distribution.ambiguous-archive',
    );
  });

  test('two members that share their data are refused', async () => {
    const bytes = makeZip(good());
    const second = bytes.indexOf('PK\x01\x02', bytes.indexOf('PK\x01\x02') + 4, 'latin1');
    bytes.writeUInt32LE(0, second + 42);
    expect(await judge(name, bytes)).toBe('distribution.ambiguous-archive');
  });
});

describe('threat 85: a wheel is one archive and nothing else', () => {
  test('data before, behind or in a comment, and a wheel that is a tar archive too, are refused', async () => {
    expect(await judge(name, makeZip(good(), { before: Buffer.from('#!/bin/sh\n') }))).toBe('distribution.polyglot');
    expect(await judge(name, makeZip(good(), { after: Buffer.from('x') }))).toBe('distribution.polyglot');
    expect(await judge(name, makeZip(good(), { comment: 'hello' }))).toBe('distribution.polyglot');
    expect(await judge(name, Buffer.concat([makeZip(good()), makeZip(good())]))).toBe('distribution.ambiguous-archive');
    const localExtra = Buffer.concat([
      Buffer.from([0xfe, 0xca, 0x00, 0x01]),
      makeTarMember({ path: '' }).subarray(50, 306),
    ]);
    expect(await judge(name, makeZip([{ path: module, content: 'x = 1\n', localExtra }, ...good().slice(1)]))).toBe(
      'distribution.polyglot',
    );
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(5000)],
    ['text', Buffer.from('hello '.repeat(1000))],
    ['the first half of a wheel', makeZip(wheelFiles()).subarray(0, 300)],
    ['an sdist by content', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
  ])('%s under the name of a wheel is refused', async (_, bytes) => {
    expect(await judge(name, bytes)).toBe('distribution.bad-archive');
  });
});

describe('threat 81: limits', () => {
  test('a bomb is refused by what it states, before anything is unpacked', async () => {
    const zeros = Buffer.alloc(70 * 2 ** 20);
    expect(await judge(name, makeZip([...good(), { path: 'demo/zeros', content: zeros }]))).toBe('distribution.bomb');
  });

  test('a bomb that lies about its size is refused when it passes what it states', async () => {
    expect(await judgeFirst({ packed: deflateRawSync(Buffer.alloc(70 * 2 ** 20)), bytes: 6 })).toBe(
      'distribution.ambiguous-archive',
    );
  });

  test('too many entries, too large a file and too large a content are refused', async () => {
    expect(await judge(name, makeZip(good()), { ...inspectionLimits, entriesMax: 3 })).toBe('distribution.too-large');
    expect(await judge(name, makeZip(good()), { ...inspectionLimits, fileBytesMax: 100 })).toBe(
      'distribution.too-large',
    );
    expect(await judge(name, makeZip(good()), { ...inspectionLimits, unpackedBytesMax: 100 })).toBe(
      'distribution.too-large',
    );
    expect(await judge(name, makeZip(good()), { ...inspectionLimits, recordBytesMax: 100 })).toBe(
      'distribution.too-large',
    );
  });

  test('an inspection whose time is over ends with a refusal', async () => {
    const { inspectDistribution } = await import('#lib/python/inspect-distribution.ts');
    const { fromBytes } = await import('#lib/python/source.ts');
    const work = inspectDistribution(
      { name, source: fromBytes(makeZip(good())) },
      inspectionLimits,
      AbortSignal.abort(),
    );
    await expect(work).rejects.toMatchObject({ code: 'distribution.too-slow' });
  });
});
