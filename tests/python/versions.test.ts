// PEP 440: the canonical spelling, identity, order, and Requires-Python.
import { describe, expect, test } from 'vitest';
import { compareVersions, readCanonicalVersion, readRequiresPython, versionKey } from '#lib/python/versions.ts';
import { codeOf } from '../support/inspections.ts';

describe('versions', () => {
  test.each([
    ['1.0', '1.0'],
    ['v1.0', '1.0'],
    ['1.00', '1.0'],
    ['1.0.0', '1.0.0'],
    ['1.0-Alpha.1', '1.0a1'],
    ['1.0c1', '1.0rc1'],
    ['1.0-1', '1.0.post1'],
    ['1.0.REV2', '1.0.post2'],
    ['1.0dev', '1.0.dev0'],
    ['0!1.0', '1.0'],
    ['2!1.0rc1.post2.dev3', '2!1.0rc1.post2.dev3'],
  ])('PEP 440: %s is written %s', (claimed, canonical) => {
    expect(readCanonicalVersion(claimed)).toBe(canonical);
  });

  test.each([
    ['1.0', '1.0.0', true],
    ['v1.0', '1', true],
    ['1.0.post1', '1.post1', true],
    ['1.0.0rc1', '1rc1', true],
    ['1.0', '1.0.1', false],
    ['10', '1', false],
    ['0', '0.0', true],
    ['1!1.0', '1.0', false],
  ])('threat 45: %s and %s are one release: %s', (a, b, same) => {
    const [first, second] = [readCanonicalVersion(a), readCanonicalVersion(b)];
    expect(versionKey(first) === versionKey(second)).toBe(same);
    expect(compareVersions(first, second) === 0).toBe(same);
  });

  test('versions are put in the order of PEP 440, never of text', () => {
    const shuffled = ['1.10', '1.9', '1.0', '1.0rc1', '1.0.dev1', '1.0.post1', '1!0.1', '1.0a2'].map(
      readCanonicalVersion,
    );
    expect(shuffled.sort(compareVersions)).toEqual([
      '1.0.dev1',
      '1.0a2',
      '1.0rc1',
      '1.0',
      '1.0.post1',
      '1.9',
      '1.10',
      '1!0.1',
    ]);
  });

  test('threat 45: a local version is refused with its own code', async () => {
    expect(await codeOf(() => readCanonicalVersion('1.0+ubuntu.1'))).toBe('distribution.local-version');
  });

  test.each([
    '',
    'latest',
    '1.0 ',
    ' 1.0',
    '1.٣',
    '1..0',
    '1.0\n',
    '1.0-',
    '9'.repeat(16),
    '1.'.repeat(60) + '1',
    '1.0<b>',
  ])('%j is no version', async (claimed) => {
    expect(await codeOf(() => readCanonicalVersion(claimed))).toBe('distribution.version');
  });
});

describe('Requires-Python', () => {
  test.each(['>=3.8', '>=3.8,<4', '>= 3.8, != 3.9.*', '~=3.8', '>=3.6,', '===3.8'])(
    '%s is kept as spelled',
    (claimed) => {
      expect(readRequiresPython(claimed)).toBe(claimed);
    },
  );

  test('empty means: not stated', () => {
    expect(readRequiresPython('  ')).toBeNull();
  });

  test.each([
    '<script>',
    '===<b>',
    '>=3.8"',
    '>=3.6.*',
    '~=3',
    '3.8',
    '>=3.8; os_name',
    '>=3.8\n<b>',
    '>='.repeat(150),
  ])('threat 89: %j is refused', async (claimed) => {
    expect(await codeOf(() => readRequiresPython(claimed))).toBe('distribution.requires-python');
  });
});
