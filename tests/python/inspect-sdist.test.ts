// Sdists: what is accepted, and one row for each trick of gzip, tar and links (threats.md, rows 78, 80, 81, 83, 85).
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { inspectionLimits } from '#lib/python/limits.ts';
import {
  makePax,
  makeTar,
  makeTarGzip,
  makeZip,
  metadataText,
  sdistFiles,
  tarEnd,
  type TarFile,
} from '../support/archives.ts';
import { inspectBytes, judge } from '../support/inspections.ts';

const name = 'demo-1.0.tar.gz';
const judgeWith = (...more: TarFile[]) => judge(name, makeTarGzip(sdistFiles(more)));
const pax = (...records: [string, string][]): TarFile => ({ path: 'pax', type: 'x', content: makePax(records) });
const file: TarFile = { path: 'demo-1.0/x', content: 'x' };
const link = (path: string, target: string, type = '2'): TarFile => ({ path: `demo-1.0/${path}`, type, target });

describe('a good sdist is accepted', () => {
  test('what it is and its exact metadata bytes come back', async () => {
    const inspection = await inspectBytes(name, makeTarGzip(sdistFiles()));
    expect(inspection).toMatchObject({
      kind: 'sdist',
      project: 'demo',
      version: '1.0',
      requiresPython: '>=3.9',
      tags: [],
      findings: [],
    });
    expect(Buffer.from(inspection.metadataBytes).toString()).toBe(metadataText());
  });

  test.each<[string, TarFile[]]>([
    ['pax times as setuptools writes them', [pax(['mtime', '1795391290.75']), file]],
    [
      'a pax path that is too long for the header',
      [pax(['path', `demo-1.0/${'long/'.repeat(30)}x`]), { ...file, path: 'demo-1.0/long' }],
    ],
    ['a pax path that is not ASCII', [pax(['path', 'demo-1.0/größe']), { ...file, path: 'demo-1.0/gr??e' }]],
    [
      'a GNU long name',
      [
        { path: '././@LongLink', type: 'L', content: `demo-1.0/${'long/'.repeat(30)}x\0` },
        { ...file, path: 'demo-1.0/long' },
      ],
    ],
    ['a ustar prefix', [{ ...file, path: 'x/y', prefix: 'demo-1.0/more' }]],
    [
      'the comment of git archive',
      [{ path: 'pax_global_header', type: 'g', content: makePax([['comment', 'a'.repeat(40)]]) }, file],
    ],
    ['GNU magic', [{ ...file, magic: 'ustar  \0' }]],
    ['a folder given twice', [{ path: 'demo-1.0/', type: '5' }]],
    ['a link to a file beside it', [link('b', 'PKG-INFO')]],
    ['a link up and down inside the tree', [link('demo/readme', '../pyproject.toml')]],
    ['a hard link to a file of the archive', [link('hard', 'demo-1.0/PKG-INFO', '1')]],
    ['more zeros at the end', []],
  ])('%s', async (_, more) => {
    expect(await judge(name, makeTarGzip(sdistFiles(more), Buffer.alloc(10240)))).toBe('accepted');
  });

  test('without anything to build it with it is accepted with a warning', async () => {
    const files = sdistFiles().filter(({ path }) => !path.endsWith('pyproject.toml'));
    expect((await inspectBytes(name, makeTarGzip(files))).findings.map(({ code }) => code)).toEqual(['sdist.no-build']);
  });
});

describe('threat 83: name, version, folder and metadata must agree', () => {
  test.each<[string, TarFile[], string]>([
    ['metadata of another project', sdistFiles([], metadataText({ name: 'other' })), 'distribution.mismatch'],
    ['metadata of another version', sdistFiles([], metadataText({ version: '2.0' })), 'distribution.mismatch'],
    ['a folder of another version', [{ path: 'demo-2.0/PKG-INFO', content: metadataText() }], 'distribution.mismatch'],
    ['a second folder at the top', sdistFiles([{ path: 'other/x', content: '' }]), 'distribution.layout'],
    [
      'a second PKG-INFO in a second folder',
      [{ path: 'other-1.0/PKG-INFO', content: 'x' }, ...sdistFiles()],
      'distribution.layout',
    ],
    ['a file where the folder should be', [{ path: 'demo-1.0', content: 'x' }], 'distribution.layout'],
    ['no PKG-INFO', sdistFiles().filter(({ path }) => !path.endsWith('PKG-INFO')), 'distribution.missing'],
    ['PKG-INFO only deeper', [{ path: 'demo-1.0/a/PKG-INFO', content: metadataText() }], 'distribution.missing'],
    ['an empty archive', [], 'distribution.layout'],
    ['PKG-INFO above 1 MiB', sdistFiles([], metadataText() + 'x'.repeat(2 ** 20)), 'distribution.too-large'],
    ['duplicate headers', sdistFiles([], metadataText({ more: 'Version: 1.0\n' })), 'distribution.metadata'],
  ])('%s is refused', async (_, files, code) => {
    expect(await judge(name, makeTarGzip(files))).toBe(code);
  });

  test('PKG-INFO that is a link is not metadata', async () => {
    const files = sdistFiles([link('PKG-INFO', 'real')]).filter(
      ({ path, type }) => type === '2' || !path.endsWith('PKG-INFO'),
    );
    expect(await judge(name, makeTarGzip(files))).toBe('distribution.missing');
  });
});

describe('threat 80: links stay inside and are never stepped through', () => {
  test.each<[string, TarFile[]]>([
    ['an absolute target', [link('l', '/etc/passwd')]],
    ['a target above the folder', [link('l', '../x')]],
    ['a target far above the archive', [link('l', '../../../../etc/passwd')]],
    ['a target that only looks inside', [link('l', 'demo/../../demo-1.0.evil/x')]],
    ['an empty target', [link('l', '')]],
    ['a target with a backslash', [link('l', '..\\x')]],
    ['a target on a drive', [link('l', 'C:x')]],
    ['a member behind a link', [link('d', 'demo'), { path: 'demo-1.0/d/x', content: '' }]],
    ['a member behind a link that comes later', [{ path: 'demo-1.0/d/x', content: '' }, link('d', 'demo')]],
    ['a target through another link', [link('demo/up', '..'), link('l', 'demo/up/x')]],
    ['a target that leaves through another link', [link('deep', 'demo/a/b'), link('l', 'deep/../../../x')]],
    ['a hard link out of the archive', [link('h', '/etc/passwd', '1')]],
    ['a hard link to a relative path', [link('h', '../x', '1')]],
    ['a hard link to a link', [link('l', 'PKG-INFO'), link('h', 'demo-1.0/l', '1')]],
    ['a hard link to a member that is not there', [link('h', 'demo-1.0/ghost', '1')]],
    ['a pax link target out of the tree', [pax(['linkpath', '../../etc/passwd']), link('l', 'PKG-INFO')]],
  ])('%s is refused', async (_, more) => {
    expect(await judgeWith(...more)).toBe('distribution.unsafe-link');
  });
});

describe('threat 80: no two readers see different members', () => {
  test.each<[string, TarFile[], string]>([
    ['a character device', [{ ...file, type: '3' }], 'distribution.special-file'],
    ['a block device', [{ ...file, type: '4' }], 'distribution.special-file'],
    ['a pipe', [{ ...file, type: '6' }], 'distribution.special-file'],
    ['a GNU sparse file', [{ ...file, type: 'S' }], 'distribution.special-file'],
    ['a contiguous file', [{ ...file, type: '7' }], 'distribution.special-file'],
    ['a member of unknown type', [{ ...file, type: 'Z' }], 'distribution.special-file'],
    ['two files at one path', [{ path: 'demo-1.0/PKG-INFO', content: 'evil' }], 'distribution.duplicate-path'],
    ['a file that is a folder', [{ path: 'demo-1.0/PKG-INFO/x', content: '' }], 'distribution.duplicate-path'],
    ['a pax rename without need', [pax(['path', 'demo-1.0/setup.py']), file], 'distribution.ambiguous-archive'],
    [
      'a GNU rename without need',
      [{ path: '@', type: 'L', content: 'demo-1.0/setup.py\0' }, file],
      'distribution.ambiguous-archive',
    ],
    ['a pax size', [pax(['size', '0']), file], 'distribution.ambiguous-archive'],
    ['a pax sparse map', [pax(['GNU.sparse.name', 'x']), file], 'distribution.ambiguous-archive'],
    ['a pax character set', [pax(['hdrcharset', 'BINARY']), file], 'distribution.ambiguous-archive'],
    ['a pax key given twice', [pax(['mtime', '1'], ['mtime', '2']), file], 'distribution.ambiguous-archive'],
    [
      'a pax record of the wrong length',
      [{ path: 'p', type: 'x', content: '99 path=x\n' }, file],
      'distribution.ambiguous-archive',
    ],
    [
      'a pax record without length',
      [{ path: 'p', type: 'x', content: 'path=x\n' }, file],
      'distribution.ambiguous-archive',
    ],
    ['an empty pax path', [pax(['path', '']), file], 'distribution.ambiguous-archive'],
    [
      'two pax headers for one member',
      [pax(['mtime', '1']), pax(['mtime', '2']), file],
      'distribution.ambiguous-archive',
    ],
    [
      'a global pax path',
      [{ path: 'g', type: 'g', content: makePax([['path', 'demo-1.0/y']]) }, file],
      'distribution.ambiguous-archive',
    ],
    [
      'a pax and a GNU name',
      [pax(['path', 'demo-1.0/x']), { path: '@', type: 'L', content: 'demo-1.0/x\0' }, file],
      'distribution.ambiguous-archive',
    ],
    ['a pax header without member', [pax(['mtime', '1'])], 'distribution.ambiguous-archive'],
    [
      'a pax header without end of size',
      [{ path: 'p', type: 'x', content: 'x'.repeat(70_000) }, file],
      'distribution.ambiguous-archive',
    ],
    [
      'a folder with a size',
      [{ path: 'demo-1.0/d/', type: '5', content: 'x'.repeat(512) }],
      'distribution.ambiguous-archive',
    ],
    ['a link with a size', [{ ...link('l', 'PKG-INFO'), content: 'x'.repeat(512) }], 'distribution.ambiguous-archive'],
    ['a size in base 256', [{ ...file, sizeField: '\x80\0\0\0\0\0\0\0\0\0\0\x01' }], 'distribution.ambiguous-archive'],
    ['a negative size', [{ ...file, sizeField: '-0000000001\0' }], 'distribution.ambiguous-archive'],
    ['an old header without magic', [{ ...file, magic: '\0'.repeat(8) }], 'distribution.ambiguous-archive'],
    [
      'a GNU header with a prefix',
      [{ ...file, magic: 'ustar  \0', prefix: 'demo-1.0/evil' }],
      'distribution.ambiguous-archive',
    ],
    ['a size above the content', [{ ...file, size: 1_000_000 }], 'distribution.bad-archive'],
  ])('%s is refused', async (_, more, code) => {
    expect(await judgeWith(...more)).toBe(code);
  });

  test('a header with a wrong checksum is refused', async () => {
    const tar = makeTar(sdistFiles([file]));
    tar[5] = 0x41;
    expect(await judge(name, gzipSync(tar))).toBe('distribution.bad-archive');
  });

  test('a member behind an empty block, where Python stops reading, is refused', async () => {
    const behind = Buffer.concat([tarEnd, makeTar([{ path: 'demo-1.0/evil', content: 'x' }])]);
    expect(await judge(name, makeTarGzip(sdistFiles(), behind))).toBe('distribution.polyglot');
    const single = Buffer.concat([Buffer.alloc(512), makeTar([{ path: 'demo-1.0/evil', content: 'x' }])]);
    expect(await judge(name, makeTarGzip(sdistFiles(), single))).toBe('distribution.polyglot');
  });

  test.each([
    '/etc/passwd',
    'demo-1.0/../x',
    './demo-1.0/x',
    'demo-1.0/a\\b',
    'demo-1.0//x',
    'demo-1.0/\u001b[2J',
    'demo-1.0/nul.txt',
    'demo-1.0/a:b',
  ])('threat 78: the path %j is refused', async (path) => {
    expect(await judgeWith({ path, content: '' })).toBe('distribution.bad-path');
  });
});

describe('threat 85: an sdist is one archive and nothing else', () => {
  const tar = makeTar(sdistFiles());
  const good = gzipSync(tar);
  const withFlag = (flags: number, field: Buffer) => {
    const header = Buffer.from(good.subarray(0, 10));
    header[3] = flags;
    return Buffer.concat([header, field, good.subarray(10)]);
  };
  test.each<[string, Buffer, string]>([
    ['bytes behind the gzip member', Buffer.concat([good, Buffer.from('hidden!!')]), 'distribution.polyglot'],
    ['zeros behind the gzip member', Buffer.concat([good, Buffer.alloc(16)]), 'distribution.polyglot'],
    ['a second gzip member', Buffer.concat([good, gzipSync(makeTar([file]))]), 'distribution.polyglot'],
    [
      'a tar archive split over two gzip members',
      Buffer.concat([gzipSync(tar.subarray(0, 1024)), gzipSync(tar.subarray(1024))]),
      'distribution.polyglot',
    ],
    ['a zip file behind it', Buffer.concat([good, makeZip([{ path: 'x', content: 'x' }])]), 'distribution.polyglot'],
    ['a zip file in an extra field of gzip', withFlag(4, Buffer.from([1, 0, 1])), 'distribution.polyglot'],
    ['a comment in the gzip header', withFlag(16, Buffer.from('x\0')), 'distribution.polyglot'],
    ['a gzip name that does not end', withFlag(8, Buffer.alloc(3000, 0x41)), 'distribution.polyglot'],
    ['a cut gzip file', good.subarray(0, -20), 'distribution.bad-archive'],
    ['no gzip file', Buffer.from('hello '.repeat(50)), 'distribution.bad-archive'],
    ['nothing', Buffer.alloc(0), 'distribution.bad-archive'],
    ['a wheel by content', makeZip([{ path: 'x', content: 'x' }]), 'distribution.polyglot'],
    ['a tar archive without its end', gzipSync(makeTar(sdistFiles(), Buffer.alloc(512))), 'distribution.bad-archive'],
    ['a tar archive cut in a member', gzipSync(tar.subarray(0, 700)), 'distribution.bad-archive'],
  ])('%s is refused', async (_, bytes, code) => {
    expect(await judge(name, bytes)).toBe(code);
  });

  test('a zip file hidden in stored data before the trailer is refused', async () => {
    const zip = makeZip([{ path: 'x', content: 'x' }]);
    const hidden = gzipSync(makeTar(sdistFiles([{ path: 'demo-1.0/x', content: zip }])), { level: 0 });
    expect(await judge(name, hidden)).toBe('distribution.polyglot');
  });

  test('a name in the gzip header is accepted, a wrong CRC or length is not', async () => {
    expect(await judge(name, withFlag(8, Buffer.from('demo-1.0.tar\0')))).toBe('accepted');
    for (const at of [good.length - 8, good.length - 4]) {
      const bytes = Buffer.from(good);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      expect(await judge(name, bytes)).toBe('distribution.checksum');
    }
  });
});

describe('threat 81: limits hold while streaming', () => {
  test('a bomb is refused on the way', async () => {
    const zeros = { path: 'demo-1.0/zeros', content: Buffer.alloc(70 * 2 ** 20) };
    expect(await judgeWith(zeros)).toBe('distribution.bomb');
  });

  test('an endless tail of zeros is a bomb too', async () => {
    expect(await judge(name, makeTarGzip(sdistFiles(), Buffer.alloc(70 * 2 ** 20)))).toBe('distribution.bomb');
  });

  test('too many entries and too large a content are refused', async () => {
    expect(await judge(name, makeTarGzip(sdistFiles()), { ...inspectionLimits, entriesMax: 3 })).toBe(
      'distribution.too-large',
    );
    expect(await judge(name, makeTarGzip(sdistFiles()), { ...inspectionLimits, unpackedBytesMax: 2000 })).toBe(
      'distribution.too-large',
    );
  });
});
