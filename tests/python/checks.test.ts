// The checks whose outcome is a warning or a note: for each one an archive that sets it off and nothing else, and what honest archives look like to it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkRelease, describe as describeFile, type ReleaseFile } from '#lib/python/check-release.ts';
import { checks, found, inOrder, type CheckCode } from '#lib/python/checks.ts';
import { startLook } from '#lib/python/content-traits.ts';
import { readMetadata } from '#lib/python/metadata.ts';
import { isNear, nearWellKnown } from '#lib/python/near-names.ts';
import { readRequirement } from '#lib/python/requirement.ts';
import {
  makeTarGzip,
  makeZip,
  metadataText,
  sdistFiles,
  wheelFiles,
  type TarFile,
  type WheelParts,
} from '../support/archives.ts';
import { inspectBytes, judge } from '../support/inspections.ts';

const wheelName = 'demo-1.0-py3-none-any.whl';
const module = { 'demo/__init__.py': 'x = 1\n' };
const elf = '\x7fELF\x02\x01\x01\x00 and so on';

type WheelCase = WheelParts & { name?: string; mode?: Record<string, number> };

const wheel = async ({ name = wheelName, mode = {}, ...parts }: WheelCase) => {
  const files = wheelFiles(parts).map((file) => ({ ...file, flags: 0x800, mode: mode[file.path] ?? 0o100644 }));
  return (await inspectBytes(name, makeZip(files))).findings;
};
const withFiles = (more: Record<string, string>): WheelCase => ({ files: { ...module, ...more } });
const withMetadata = (more: string): WheelCase => ({ metadata: metadataText({ more }) });
const forLinux = (files: Record<string, string>): WheelCase => ({
  name: 'demo-1.0-cp312-cp312-manylinux_2_17_x86_64.whl',
  wheel: 'Wheel-Version: 1.0\nTag: cp312-cp312-manylinux_2_17_x86_64\n',
  files: { ...module, ...files },
});

const sdist = async (more: readonly TarFile[], metadata?: string) =>
  (await inspectBytes('demo-1.0.tar.gz', makeTarGzip(sdistFiles(more, metadata)))).findings;

const wheelCases: [string, CheckCode, WheelCase][] = [
  ['an unknown header', 'metadata.unknown-header', withMetadata('X-Odd: 1\n')],
  ['no description', 'metadata.no-description', { metadata: metadataText().replace('Hello.', '') }],
  ['a description in HTML', 'metadata.description-type', withMetadata('Description-Content-Type: text/html\n')],
  [
    'a description in Latin-1',
    'metadata.description-type',
    withMetadata('Description-Content-Type: text/plain; charset=latin-1\n'),
  ],
  ['an address that runs', 'metadata.link', withMetadata('Project-URL: Home, javascript:alert(1)\n')],
  ['an address with a user name', 'metadata.link', withMetadata('Home-page: https://example.org@evil.example/\n')],
  ['a dependency that is none', 'dependency.unreadable', withMetadata('Requires-Dist: six (=>1.0)\n')],
  ['a dependency with an empty marker', 'dependency.unreadable', withMetadata('Requires-Dist: six >=1;\n')],
  [
    'a dependency from an address',
    'dependency.direct',
    withMetadata('Requires-Dist: six @ https://example.org/six.whl ; python_version < "3"\n'),
  ],
  ['a dependency with a letter too few', 'dependency.near-name', withMetadata('Requires-Dist: reqests>=2\n')],
  ['a dependency with letters exchanged', 'dependency.near-name', withMetadata('Requires-Dist: nmupy\n')],
  ['a dependency that looks alike', 'dependency.near-name', withMetadata('Requires-Dist: dJang0\n')],
  ['paths that differ in case', 'path.lookalike', withFiles({ 'demo/a.py': '', 'demo/A.py': '' })],
  ['a Cyrillic letter in a Latin name', 'path.mixed-letters', withFiles({ 'demo/p\u0430yload.py': '' })],
  ['a Greek letter in a Latin name', 'path.mixed-letters', withFiles({ 'demo/c\u03bfre.py': '' })],
  ['settings with secrets', 'archive.private-file', withFiles({ 'demo/.env': 'TOKEN=1' })],
  ['credentials of an uploader', 'archive.private-file', withFiles({ 'demo/.pypirc': '' })],
  ['an SSH key by its name', 'archive.private-file', withFiles({ 'demo/id_ed25519': '' })],
  ['a private key', 'archive.private-key', withFiles({ 'demo/data/key.pem': '-----BEGIN RSA PRIVATE KEY-----\n' })],
  [
    'an OpenPGP private key',
    'archive.private-key',
    withFiles({ 'demo/k.asc': '-----BEGIN PGP PRIVATE KEY BLOCK-----\n' }),
  ],
  ['a set-user-id bit', 'archive.mode', { ...withFiles({ 'demo/x.py': '' }), mode: { 'demo/x.py': 0o104755 } }],
  [
    'a file that everybody may write',
    'archive.mode',
    { ...withFiles({ 'demo/x.py': '' }), mode: { 'demo/x.py': 0o100666 } },
  ],
  ['what a system left behind', 'archive.left-over', withFiles({ 'demo/.DS_Store': '' })],
  ['what an editor left behind', 'archive.left-over', withFiles({ 'demo/.x.py.swp': '' })],
  ['a source that turns direction', 'source.bidirectional', withFiles({ 'demo/x.py': `# \u202e${'x'.repeat(9)}\n` })],
  ['an isolate in a source', 'source.bidirectional', withFiles({ 'demo/x.py': '# \u2066 if admin\n' })],
  ['other tags in WHEEL', 'wheel.other-tags', { wheel: 'Wheel-Version: 1.0\nTag: py2-none-any\n' }],
  ['a .pth file', 'wheel.runs-at-start', withFiles({ 'demo.pth': 'import os\n' })],
  [
    'a .pth file by way of .data',
    'wheel.runs-at-start',
    withFiles({ 'demo-1.0.data/purelib/demo.pth': 'import os\n' }),
  ],
  ['sitecustomize', 'wheel.runs-at-start', withFiles({ 'sitecustomize.py': '' })],
  ['compiled code by its bytes', 'wheel.native-in-any', withFiles({ 'demo/helper.bin': elf })],
  ['compiled code by its name', 'wheel.native-in-any', withFiles({ 'demo/x.so': '' })],
  ['a program for Windows', 'wheel.native-in-any', withFiles({ 'demo/run.exe': 'MZ\x90\x00\x03\x00\x00\x00' })],
  ['object files', 'wheel.native-in-any', withFiles({ 'demo/x.a': '!<arch>\n and so on' })],
  ['nothing compiled for a platform', 'wheel.nothing-native', forLinux({})],
  ['an extension for another Python', 'wheel.other-python', forLinux({ 'demo/x.cpython-39-x86_64-linux-gnu.so': elf })],
  ['tests at the top', 'wheel.common-name', withFiles({ 'tests/__init__.py': '' })],
  ['utils at the top', 'wheel.common-name', withFiles({ 'utils.py': '' })],
  ['a module of Python', 'wheel.standard-name', withFiles({ 'json/__init__.py': '' })],
  ['a module of another project', 'wheel.standard-name', withFiles({ 'requests/__init__.py': '' })],
  ['names that are not the project’s', 'wheel.other-names', { files: { 'banana/__init__.py': '' } }],
  ['nothing to import', 'wheel.nothing-to-import', { files: { 'demo/data.txt': '' } }],
  ['a file among programs', 'wheel.over-environment', withFiles({ 'demo-1.0.data/data/bin/x': '' })],
  [
    'a file in site-packages by way of data',
    'wheel.over-environment',
    withFiles({ 'demo-1.0.data/data/lib/python3/x.py': '' }),
  ],
  ['a shared data file', 'wheel.outside-package', withFiles({ 'demo-1.0.data/data/share/demo/x': '' })],
  ['a header', 'wheel.outside-package', withFiles({ 'demo-1.0.data/headers/x.h': '' })],
  ['an executable text', 'wheel.executable', { ...withFiles({ 'demo/x.txt': '' }), mode: { 'demo/x.txt': 0o100755 } }],
  ['bytecode alone', 'wheel.bytecode-only', withFiles({ 'demo/secret.pyc': 'x' })],
  ['bytecode beside its source', 'wheel.bytecode', withFiles({ 'demo/__pycache__/__init__.cpython-312.pyc': 'x' })],
  [
    'an entry point that is none',
    'wheel.entry-points',
    withFiles({ 'demo-1.0.dist-info/entry_points.txt': '[console_scripts]\ndemo = os; system\n' }),
  ],
  [
    'an entry point given twice',
    'wheel.entry-points',
    withFiles({ 'demo-1.0.dist-info/entry_points.txt': '[console_scripts]\ndemo = demo:a\ndemo = demo:b\n' }),
  ],
  ['an address of its own', 'wheel.installed-by', withFiles({ 'demo-1.0.dist-info/direct_url.json': '{}' })],
  ['metadata beside the modules', 'wheel.installed-by', withFiles({ 'requests.egg-info/PKG-INFO': 'Name: requests' })],
  [
    'a command called pip',
    'wheel.command',
    withFiles({ 'demo-1.0.dist-info/entry_points.txt': '[console_scripts]\npip = demo:main\n' }),
  ],
  ['a script called sudo', 'wheel.command', withFiles({ 'demo-1.0.data/scripts/sudo': '#!python\n' })],
];

const sdistCases: [string, CheckCode, TarFile[]][] = [
  ['compiled code', 'sdist.compiled', [{ path: 'demo-1.0/tests/files/good-large.bin', content: elf }]],
  ['a static library', 'sdist.compiled', [{ path: 'demo-1.0/x.a', content: '!<arch>\n and so on' }]],
  ['a link', 'sdist.links', [{ path: 'demo-1.0/link', type: '2', target: 'PKG-INFO' }]],
  ['a history of git', 'archive.private-file', [{ path: 'demo-1.0/.git/config', content: '' }]],
  ['bytecode', 'archive.left-over', [{ path: 'demo-1.0/demo/x.pyc', content: 'x' }]],
  ['a source that turns direction', 'source.bidirectional', [{ path: 'demo-1.0/demo/y.py', content: '# \u202d\n' }]],
  ['a private key', 'archive.private-key', [{ path: 'demo-1.0/k', content: '-----BEGIN OPENSSH PRIVATE KEY-----\n' }]],
];

describe('a wheel with', () => {
  test.each(wheelCases)('%s is told (%#: %s)', async (_, code, parts) => {
    const findings = await wheel(parts);
    expect(findings.map((finding) => finding.code)).toEqual([code]);
    expect(findings[0]?.severity).toBe(checks[code].severity);
  });
});

describe('an sdist with', () => {
  test.each(sdistCases)('%s is told', async (_, code, more) => {
    expect((await sdist(more)).map((finding) => finding.code)).toEqual([code]);
  });

  test('nothing to build it by, or setup.py alone, is told', async () => {
    const without = sdistFiles().filter(({ path: place }) => !place.endsWith('pyproject.toml'));
    const codes = async (files: TarFile[]) =>
      (await inspectBytes('demo-1.0.tar.gz', makeTarGzip(files))).findings.map(({ code }) => code);
    expect(await codes(without)).toEqual(['sdist.no-build']);
    expect(await codes([...without, { path: 'demo-1.0/setup.py', content: '' }])).toEqual(['sdist.setup-py']);
  });
});

test('a file name in an old spelling is told', async () => {
  const bytes = makeZip(wheelFiles({ info: 'Demo-1.0.dist-info' }));
  const { findings } = await inspectBytes('Demo-1.0-py3-none-any.whl', bytes);
  expect(findings.map(({ code }) => code)).toEqual(['file-name.not-normalised']);
});

describe('nothing is told of', () => {
  test.each<[string, WheelCase]>([
    ['a plain wheel', {}],
    [
      'scripts and typing files',
      {
        ...withFiles({ 'demo-1.0.data/scripts/demo': '#!python\n', 'demo/py.typed': '' }),
        mode: { 'demo-1.0.data/scripts/demo': 0o100755 },
      },
    ],
    [
      'dependencies as tools write them',
      withMetadata(
        'Requires-Dist: requests[socks] (>=2.31,<3) ; extra == "net"\nRequires-Dist: numpy>=1.26; python_version >= "3.12"\nRequires-Dist: psycopg2-binary\n',
      ),
    ],
    [
      'a description in Markdown',
      withMetadata('Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM\n'),
    ],
    ['addresses', withMetadata('Project-URL: Source, https://example.org/demo\nHome-page: http://example.org\n')],
    ['an extension module for its Python', forLinux({ 'demo/x.cpython-312-x86_64-linux-gnu.so': elf })],
    ['tests inside of the package', withFiles({ 'demo/tests/test_x.py': '' })],
    ['a Russian name', withFiles({ 'demo/\u043f\u0440\u0438\u0432\u0435\u0442.txt': '' })],
    [
      'entry points of other groups',
      withFiles({
        'demo-1.0.dist-info/entry_points.txt':
          '# x\n[pytest11]\ndemo = demo.plugin [x]\n\n[console_scripts]\ndemo = demo:main\n',
      }),
    ],
    ['a certificate', withFiles({ 'demo/cacert.pem': '-----BEGIN CERTIFICATE-----\n' })],
    ['a text that starts with MZ', withFiles({ 'demo/x.txt': 'MZ is not a program here' })],
    ['a text in Arabic', withFiles({ 'demo/x.py': '# \u0645\u0631\u062d\u0628\u0627\n' })],
  ])('%s', async (_, parts) => {
    expect(await wheel(parts)).toEqual([]);
  });
});

describe('the files of one release', () => {
  const file = (name: string, more: string, version = '2.2'): ReleaseFile => ({
    ...{ name, kind: name.endsWith('.whl') ? 'wheel' : 'sdist' },
    described: describeFile(readMetadata(Buffer.from(metadataText({ more }).replace('2.1', version)))),
  });
  const codes = (...files: ReleaseFile[]) => checkRelease('demo', files).map(({ code, say }) => [code, say]);

  test('that say the same are told nothing of, in whatever order they say it', () => {
    const one = file('demo-1.0-py3-none-any.whl', 'Requires-Dist: a\nRequires-Dist: b\n');
    expect(codes(one, file('demo-1.0.tar.gz', 'Requires-Dist: b\nRequires-Dist: a\n'))).toEqual([]);
  });

  test('with other dependencies in one of them are told', () => {
    const one = file('demo-1.0-py3-none-any.whl', 'Requires-Dist: a\n');
    const other = file('demo-1.0-cp312-cp312-win_amd64.whl', 'Requires-Dist: a\nRequires-Dist: evil\n');
    expect(codes(one, other, file('demo-1.0.tar.gz', 'Requires-Dist: a\n'))).toEqual([
      ['release.other-metadata', 'requires-dist is “a, evil” here and “a” in demo-1.0-py3-none-any.whl.'],
    ]);
  });

  test('an sdist speaks for its wheels only where it promises to (PEP 643)', () => {
    const one = file('demo-1.0-py3-none-any.whl', 'Requires-Dist: a\n');
    expect(codes(one, file('demo-1.0.tar.gz', ''))).toHaveLength(1);
    expect(codes(one, file('demo-1.0.tar.gz', '', '2.1'))).toEqual([]);
    expect(codes(one, file('demo-1.0.tar.gz', 'Dynamic: Requires-Dist\n'))).toEqual([]);
  });

  test('without a source distribution, and of files that were kept before, are told', () => {
    const one = file('demo-1.0-py3-none-any.whl', '');
    expect(codes(one).map(([code]) => code)).toEqual(['release.no-sdist']);
    expect(codes({ ...one, described: null }, file('demo-1.0.tar.gz', 'Requires-Dist: a\n'))).toEqual([]);
  });
});

test('a project that is nearly called like a well-known one is told', () => {
  expect(checkRelease('reqeusts', []).map(({ code }) => code)).toEqual(['release.near-name']);
  expect(checkRelease('requests', [])).toEqual([]);
  expect(checkRelease('sunrize', [], 'sunrise').map(({ code, say }) => [code, say])).toEqual([
    ['release.near-name', '“sunrize” is not “sunrise”, which was on this index before it.'],
  ]);
});

test('every check of the table has an archive above that sets it off, or a test of its own', () => {
  const elsewhere: CheckCode[] = [
    ...(['file-name.not-normalised', 'sdist.no-build', 'sdist.setup-py'] as const),
    ...(['release.other-metadata', 'release.no-sdist', 'release.near-name'] as const),
  ];
  const shown = new Set([...wheelCases, ...sdistCases].map(([, code]) => code));
  expect(
    Object.keys(checks).filter((code) => !shown.has(code as CheckCode) && !elsewhere.includes(code as CheckCode)),
  ).toEqual([]);
});

test('docs/formats/checks.md has every check as the table has it', () => {
  const text = readFileSync(path.join(import.meta.dirname, '../../docs/formats/checks.md'), 'utf8');
  for (const [code, { severity, looks }] of Object.entries(checks))
    expect(text).toContain(`| \`${code}\` | ${severity} | ${looks} |`);
});

test('of one kind at most ten are told, the last with how many more; warnings first; texts are short', async () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`demo/${at}.so`, '']));
  const findings = await wheel(withFiles({ ...many, 'demo/.DS_Store': '' }));
  expect(findings).toHaveLength(11);
  expect(findings[9]?.say).toMatch(/And 40 more like it\.$/);
  expect(findings.at(-1)?.severity).toBe('note');
  const long = found('metadata.link', 'w'.repeat(9999), 's'.repeat(9999));
  expect([long.where.length, long.say.length]).toEqual([200, 400]);
  expect(inOrder([])).toEqual([]);
});

test.each([
  ['cffaedfe0c000001', 'Mach-O'],
  ['cafebabe00000002', 'Mach-O'],
  ['cafebabe00000034', null],
  ['7f454c4602010100', 'ELF'],
  ['504b030400000000', null],
  ['7f454c46', null],
])('a file that starts with %s is compiled code: %s', (hex, native) => {
  const look = startLook('demo/x');
  for (const byte of Buffer.from(hex, 'hex')) look.take(Buffer.from([byte]));
  expect(look.end().native).toBe(native);
});

test('a wheel that says “do not upload” is refused', async () => {
  const bytes = makeZip(wheelFiles(withMetadata('Classifier: Private :: Do Not Upload\n')));
  expect(await judge(wheelName, bytes)).toBe('distribution.private');
});

describe('names that are near', () => {
  test.each([
    ['requests', 'request', true],
    ['requests', 'reqeusts', true],
    ['requests', 'requestss', true],
    ['django', 'djang0', true],
    ['pillow', 'pi11ow', true],
    ['tornado', 'tomado', true],
    ['numpy', 'numpy', false],
    ['black', 'slack', false],
    ['psycopg2', 'psycopg3', false],
    ['rich', 'rice', false],
    ['pytest', 'pytest-cov', false],
  ])('%s and %s: %s', (one, other, near) => {
    expect([isNear(one, other), isNear(other, one)]).toEqual([near, near]);
  });

  test('a well-known project is near to none', () => {
    expect([nearWellKnown('attrs'), nearWellKnown('requests'), nearWellKnown('urlib3')]).toEqual([
      null,
      null,
      'urllib3',
    ]);
  });
});

describe('PEP 508: a dependency', () => {
  test.each([
    [
      'A.B_c[x, y] (>=1,<2) ; os_name == "nt"',
      { name: 'a-b-c', extras: ['x', 'y'], specifier: '>=1,<2', url: null, marker: 'os_name == "nt"' },
    ],
    ['a', { name: 'a', extras: [], specifier: '', url: null, marker: null }],
    ['a@https://x/y;z ; b', { name: 'a', extras: [], specifier: '', url: 'https://x/y;z', marker: 'b' }],
    ['-a', null],
    ['a b', null],
    ['a >', null],
    ['a[!]', null],
    ['', null],
    ['a'.repeat(2000), null],
  ])('%j is read as it is written, or not at all', (text, requirement) => {
    expect(readRequirement(text)).toEqual(requirement);
  });
});
