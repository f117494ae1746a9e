// PEP 427 and PEP 625: names of wheels and sdists.
import { describe, expect, test } from 'vitest';
import { readDistributionName } from '#lib/python/file-name.ts';
import { codeOf } from '../support/inspections.ts';

describe('file names', () => {
  test.each([
    ['demo-1.0-py3-none-any.whl', 'wheel', 'demo', '1.0'],
    ['demo-1.0-1-py3-none-any.whl', 'wheel', 'demo', '1.0'],
    ['Foo.Bar_baz-1.0rc1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl', 'wheel', 'foo-bar-baz', '1.0rc1'],
    ['demo-1!2.0-py3-none-any.whl', 'wheel', 'demo', '1!2.0'],
    ['demo-1.0_1-py3-none-any.whl', 'wheel', 'demo', '1.0.post1'],
    ['demo-1.0.tar.gz', 'sdist', 'demo', '1.0'],
    ['foo-bar-1.0.tar.gz', 'sdist', 'foo-bar', '1.0'],
    ['Foo.Bar-1.0.0.tar.gz', 'sdist', 'foo-bar', '1.0.0'],
  ])('%s is a %s of %s %s', (name, kind, project, version) => {
    expect(readDistributionName(name)).toMatchObject({ kind, project, version, fileName: name });
  });

  test('PEP 425: a compressed tag set is expanded', () => {
    const name = readDistributionName('demo-1.0-py2.py3-none-any.whl');
    expect(name).toMatchObject({ pythonTag: 'py2.py3', tags: ['py2-none-any', 'py3-none-any'] });
  });

  test.each([
    'demo-1.0.zip',
    'demo-1.0.tar.bz2',
    'demo-1.0-py3.11.egg',
    'demo-1.0.win32.exe',
    'demo-1.0.tar.gz.asc',
    'demo.tar.gz',
    'demo-1.0-py3-none.whl',
    'demo-1.0-x1-py3-none-any.whl',
    'demo-1.0-1-2-py3-none-any.whl',
    'demo-1.0-py3-none-.whl',
    'demo-1.0-py3..py2-none-any.whl',
    `demo-1.0-${'a.'.repeat(20)}a-${'b.'.repeat(20)}b-any.whl`,
    '../demo-1.0.tar.gz',
    'folder/demo-1.0.tar.gz',
    'demo-1.0.tar.gz\n',
    'demo\u202e-1.0.tar.gz',
    'demo-1.0.TAR.GZ',
    '',
    `${'a'.repeat(200)}-1.0.tar.gz`,
  ])('threat 78: %j is refused as a file name', async (name) => {
    expect(await codeOf(() => readDistributionName(name))).toBe('distribution.file-name');
  });

  test('threat 45: a local version in a file name is refused as such', async () => {
    expect(await codeOf(() => readDistributionName('demo-1.0+local-py3-none-any.whl'))).toBe(
      'distribution.local-version',
    );
    expect(await codeOf(() => readDistributionName('demo-1.0+local.tar.gz'))).toBe('distribution.local-version');
  });

  test('a name or version that is none is refused with its own code', async () => {
    expect(await codeOf(() => readDistributionName('_demo-1.0-py3-none-any.whl'))).toBe('distribution.project-name');
    expect(await codeOf(() => readDistributionName('demo-final-py3-none-any.whl'))).toBe('distribution.version');
  });
});
