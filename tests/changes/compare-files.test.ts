// What is said to have changed from one wheel or sdist to the next: paths, fields, lines, and what goes beyond the limits.
import { describe, expect, test } from 'vitest';
import { compareFiles, type FileChanges } from '#lib/changes/compare-files.ts';
import { changeLimits, type ChangeLimits } from '#lib/changes/limits.ts';
import { inspectionLimits } from '#lib/python/limits.ts';
import { fromBytes } from '#lib/python/source.ts';
import { makeTarGzip, makeZip, metadataText, sdistFiles, wheelFiles, type TarFile } from '../support/archives.ts';

type Wheel = { files?: Record<string, string>; more?: string; entryPoints?: string };

const wheel = (version: string, { files = { 'demo/__init__.py': 'x = 1\n' }, more, entryPoints }: Wheel = {}) => {
  const info = `demo-${version}.dist-info`;
  const points = entryPoints === undefined ? {} : { [`${info}/entry_points.txt`]: entryPoints };
  const metadata = metadataText({ version, ...(more !== undefined && { more }) });
  const bytes = makeZip(wheelFiles({ files: { ...files, ...points }, info, metadata }));
  return { name: `demo-${version}-py3-none-any.whl`, source: fromBytes(bytes) };
};
const sdist = (more: TarFile[] = [], metadata?: string) => ({
  name: 'demo-1.0.tar.gz',
  source: fromBytes(makeTarGzip(sdistFiles(more, metadata))),
});
const member = (path: string, content: string): TarFile => ({ path: `demo-1.0/${path}`, content });

const compare = (
  before: ReturnType<typeof wheel> | null,
  after: ReturnType<typeof wheel>,
  changes: Partial<ChangeLimits> = {},
): Promise<FileChanges> =>
  compareFiles(before, after, { changes: { ...changeLimits, ...changes }, inspection: inspectionLimits });

const linesOf = ({ details }: FileChanges, path: string): string[] => {
  const text = details.paths.find((change) => change.path === path)?.text;
  const signs = { added: '+', removed: '-', same: ' ', end: '\\' };
  if (text?.kind !== 'lines') return [text?.kind ?? 'none'];
  return text.hunks.flatMap((hunk) => hunk.lines.map((line) => signs[line.kind] + line.text));
};
const pathsOf = ({ details }: FileChanges): string[] => details.paths.map(({ kind, path }) => `${kind} ${path}`);

describe('paths', () => {
  test('the version in the folders of a wheel is no difference, and RECORD is none', async () => {
    const found = await compare(wheel('1.0'), wheel('1.1'));
    expect(pathsOf(found)).toEqual(['changed demo.dist-info/METADATA']);
    expect(linesOf(found, 'demo.dist-info/METADATA')).toContain('+Version: 1.1');
    expect(found.summary.counts).toEqual({ added: 0, removed: 0, changed: 1, moved: 0, same: 2 });
  });

  test('what came, went, changed and moved is told apart; an empty file never moved', async () => {
    const was = { 'demo/a.py': 'a\n', 'demo/b.py': 'b\n', 'demo/c.py': 'c = 1\n', 'demo/py.typed': '' };
    const is = { 'demo/sub/a.py': 'a\n', 'demo/d.py': 'd\n', 'demo/c.py': 'c = 2\n', 'demo/sub/py.typed': '' };
    const found = await compare(wheel('1.0', { files: was }), wheel('1.0', { files: is }));
    expect(pathsOf(found)).toEqual([
      'removed demo/b.py',
      'changed demo/c.py',
      'added demo/d.py',
      'removed demo/py.typed',
      'moved demo/sub/a.py',
      'added demo/sub/py.typed',
    ]);
    expect(linesOf(found, 'demo/c.py')).toEqual(['-c = 1', '+c = 2']);
    expect(linesOf(found, 'demo/d.py')).toEqual(['+d']);
    expect(found.summary.lines).toEqual({ added: 2, removed: 1 });
  });

  test('an sdist is compared below its one folder, and where a link leads is its content', async () => {
    const link = (target: string): TarFile => ({ path: 'demo-1.0/docs', type: '2', target });
    const found = await compare(sdist([link('demo')]), sdist([link('PKG-INFO'), member('new.py', 'n\n')]));
    expect(pathsOf(found)).toEqual(['changed docs', 'added new.py']);
    expect(linesOf(found, 'docs')).toEqual(['-→ demo', '+→ PKG-INFO']);
  });

  test('a file with no counterpart is counted, and its dependencies are told as new', async () => {
    const { summary, details } = await compare(null, wheel('1.0', { more: 'Requires-Dist: left-pad\n' }));
    expect(summary.counts).toMatchObject({ added: 3, same: 0 });
    expect(summary.fields.dependencies).toEqual([{ what: 'left-pad', was: null, is: 'any version' }]);
    expect(details).toEqual({ paths: [], left: 3 });
  });
});

describe('fields', () => {
  test('dependencies are compared by the name of the project, with every demand on it', async () => {
    const was = 'Requires-Dist: Left.Pad>=1\nRequires-Dist: old\nRequires-Dist: same ; extra == "x"\n';
    const is = 'Requires-Dist: left-pad >=2\nRequires-Dist: new[all]\nRequires-Dist: same ; extra == "x"\n';
    const { summary } = await compare(wheel('1.0', { more: was }), wheel('1.1', { more: is }));
    expect(summary.fields.dependencies).toEqual([
      { what: 'left-pad', was: '>=1', is: '>=2' },
      { what: 'new', was: null, is: '[all]' },
      { what: 'old', was: 'any version', is: null },
    ]);
  });

  test('entry points, names at the top level and other fields are told; the description is not', async () => {
    const was = wheel('1.0', { more: 'Author: Ada\n', entryPoints: '[console_scripts]\ndemo = demo:main\n' });
    const is = wheel('1.1', {
      ...{ more: 'Author: Eve\nLicense: MIT\n', files: { 'demo/__init__.py': 'x = 1\n', 'evil.py': 'e\n' } },
      entryPoints: '[console_scripts]\ndemo = evil:main\n[pytest11]\nx = evil\n',
    });
    const { fields } = (await compare(was, is)).summary;
    expect(fields.entryPoints).toEqual([
      { what: 'console_scripts: demo', was: 'demo:main', is: 'evil:main' },
      { what: 'pytest11: x', was: null, is: 'evil' },
    ]);
    expect(fields.topLevel).toEqual([{ what: 'evil.py', was: null, is: '' }]);
    expect(fields.fields).toEqual([
      { what: 'author', was: 'Ada', is: 'Eve' },
      { what: 'license', was: null, is: 'MIT' },
    ]);
  });
});

describe('hostile text', () => {
  test('what reorders or hides is named, runs of spaces are counted, and of a long line both ends stay', async () => {
    const hostile = `if admin:\u202e # ${'x'.repeat(5000)} end\nx = 1;${' '.repeat(500)}import os\n`;
    const files = (text: string) => ({ files: { 'demo/__init__.py': text } });
    const found = await compare(wheel('1.0', files('x = 1\n')), wheel('1.0', files(hostile)));
    const [removed, first = '', second] = linesOf(found, 'demo/__init__.py');
    expect(removed).toBe('-x = 1');
    expect(first).toMatch(/^\+if admin:\[U\+202E\] # x+ \[… \d+ more characters …\] x+ end$/);
    expect(first.length).toBeLessThan(500);
    expect(second).toBe('+x = 1; [500 spaces] import os');
  });

  test('bytes that are no text have no lines, and are counted as such', async () => {
    const found = await compare(wheel('1.0'), wheel('1.0', { files: { 'demo/__init__.py': 'x\0y' } }));
    expect(linesOf(found, 'demo/__init__.py')).toEqual(['not-text']);
    expect(found.summary.unread).toBe(1);
  });
});

describe('limits', () => {
  const many = (count: number, of: string): string => Array.from({ length: count }, (_, at) => `${of}${at}\n`).join('');
  const changed = (was: string, is: string, limits: Partial<ChangeLimits>) =>
    compare(wheel('1.0', { files: { 'demo/a.py': was } }), wheel('1.0', { files: { 'demo/a.py': is } }), limits);

  test('texts that are too different stand whole, what came first', async () => {
    const found = await changed(many(30, 'a'), many(30, 'b'), { editsMax: 10 });
    expect(linesOf(found, 'demo/a.py').slice(0, 2)).toEqual(['+b0', '+b1']);
    expect(found.details.paths[0]?.text).toMatchObject({ wholly: true, added: 30, removed: 30, left: 0 });
  });

  test('lines beyond the limit are counted and not shown', async () => {
    const found = await changed('', many(50, 'a'), { linesOfTextMax: 20 });
    expect(found.details.paths[0]?.text).toMatchObject({ added: 50, left: 30 });
    expect(found.summary.lines).toEqual({ added: 50, removed: 0 });
  });

  test('a text that is too long, and paths beyond the limit, are counted', async () => {
    const long = await changed('a\n', many(50, 'a'), { textBytesMax: 100 });
    expect(linesOf(long, 'demo/a.py')).toEqual(['too-long']);
    const files = Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`demo/n${at}.py`, 'n\n']));
    const paths = await compare(wheel('1.0'), wheel('1.0', { files }), { pathsMax: 2 });
    expect(paths.details).toMatchObject({ left: 4, paths: [{ path: 'demo/__init__.py' }, { path: 'demo/n0.py' }] });
    expect(paths.summary.unread).toBe(4);
  });
});
