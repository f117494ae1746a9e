// The sentences beside the sign button: each once, the files named where not all of them say it, and never none.
import { describe, expect, test } from 'vitest';
import { pairFiles } from '#lib/changes/file-shapes.ts';
import { sayChanges, type ComparedPair } from '#lib/changes/say-changes.ts';
import type { FileSummary } from '#lib/changes/compare-files.ts';
import type { FieldChange, FieldChanges } from '#lib/changes/field-changes.ts';

const nothing: FieldChanges = { dependencies: [], entryPoints: [], topLevel: [], fields: [] };
const summary = (fields: Partial<FieldChanges> = {}, more: Partial<FileSummary> = {}): FileSummary => ({
  ...{ fields: { ...nothing, ...fields }, counts: { added: 0, removed: 0, changed: 1, moved: 0, same: 3 } },
  ...{ bytes: { was: 10, is: 10 }, lines: { added: 1, removed: 1 }, unread: 0 },
  ...more,
});
const change = (what: string, was: string | null, is: string | null): FieldChange => ({ what, was, is });

const [any, linux, sdist] = ['demo-1.1-py3-none-any.whl', 'demo-1.1-cp312-cp312-linux_x86_64.whl', 'demo-1.1.tar.gz'];
const pair = (file: string, outcome: ComparedPair['outcome']): ComparedPair => ({
  ...{ file, outcome },
  before: file.replace('1.1', '1.0'),
});
const sized = (size: number, ...names: string[]) => names.map((name) => ({ name, size }));
const say = (...pairs: ComparedPair[]): string[] => {
  const names = pairs.map(({ file }) => file);
  const before = names.map((name) => name.replace('1.1', '1.0'));
  return sayChanges(pairs, sized(1000, ...before), sized(1000, ...names)).map((line) => line.say);
};

describe('what changed, in sentences', () => {
  test('what all files say is said once', () => {
    const both = summary({ dependencies: [change('rich', null, '>=13')] });
    expect(say(pair(any, both), pair(sdist, both))).toEqual([
      'New dependency: rich (>=13).',
      'demo-1.1-py3-none-any.whl, demo-1.1.tar.gz: of its files 1 changed, +1 −1 lines.',
    ]);
  });

  test('a dependency in one wheel of several is told with the name of that wheel', () => {
    const lines = say(pair(any, summary()), pair(linux, summary({ dependencies: [change('evil', null, '==1')] })));
    expect(lines[0]).toBe(`New dependency: evil (==1). Only in ${linux}.`);
  });

  test('an sdist, which need not say them, does not make entry points look rare', () => {
    const points = summary({
      entryPoints: [change('console_scripts: demo', 'demo:main', 'evil:main')],
      topLevel: [change('tests', null, ''), change('demo.pth', null, '')],
      fields: [change('requires-python', '>=3.9', '>=3.12')],
    });
    expect(say(pair(any, points), pair(sdist, summary())).slice(0, 4)).toEqual([
      'Entry point changed: console_scripts: demo = evil:main; it was demo:main.',
      'New at the top level, where it can be imported: tests.',
      'New at the top level, where it is read at every start of Python: demo.pth.',
      `Requires-Python is “>=3.12”; it was “>=3.9”. Only in ${any}.`,
    ]);
  });

  test('what could not be compared, or is not finished, is said and never left out', () => {
    expect(say(pair(any, { failure: 'It took too long.' }), pair(sdist, 'awaited'))).toEqual([
      `${any}: it could not be compared. It took too long.`,
      `${sdist}: its comparison is not finished yet.`,
    ]);
  });

  test('kinds of files that came and went, and another size, are told', () => {
    const lines = sayChanges([], sized(1000, 'demo-1.0.tar.gz'), sized(4000, any));
    expect(lines.map((line) => line.say)).toEqual([
      'There is a wheel for py3-none-any; there was none.',
      'There is no longer an sdist.',
      'All files together are 4.0 kB; they were 1.0 kB.',
    ]);
  });

  test('equal bytes are said to be equal', () => {
    expect(say(pair(any, 'same'))).toEqual(['The files are the same, byte for byte.']);
  });
});

describe('which file is compared with which', () => {
  const before = ['demo-1.0-py2.py3-none-any.whl', 'demo-1.0-cp311-cp311-linux_x86_64.whl', 'demo-1.0.tar.gz'];

  test.each([
    ['demo-1.1-1-py2.py3-none-any.whl', before[0]],
    [any, before[0]],
    [linux, before[1]],
    [sdist, before[2]],
  ])('%s with %s', (name, expected) => {
    expect(pairFiles(before, [name]).get(name)).toBe(expected);
  });

  test('an sdist is never compared with a wheel, nor a wheel with an sdist', () => {
    expect(pairFiles([before[0] ?? ''], [sdist]).get(sdist)).toBeNull();
    expect(pairFiles([before[2] ?? ''], [any]).get(any)).toBeNull();
  });
});
