// PEP 503 and PEP 508: one project, however its name is spelled.
import { describe, expect, test } from 'vitest';
import { readProjectName } from '#lib/core/ids.ts';
import { isSameProject, normaliseProjectName } from '#lib/python/names.ts';
import { codeOf } from '../support/inspections.ts';

describe('names of projects', () => {
  test.each(['Foo.Bar', 'foo-bar', 'FOO__bar', 'foo-._-bar', 'foo_bar'])(
    'PEP 503: %s is the project foo-bar',
    (claimed) => {
      expect(normaliseProjectName(claimed)).toBe('foo-bar');
      expect(isSameProject(claimed, readProjectName('foo-bar'))).toBe(true);
    },
  );

  test.each([
    '',
    '-foo',
    'foo-',
    '.foo',
    'foo bar',
    'foo/bar',
    'foo\n',
    'fоо',
    'f\u0000',
    'a'.repeat(101),
    '..',
    'foo\u202e',
  ])('PEP 508: %j is no name of a project', async (claimed) => {
    expect(await codeOf(() => normaliseProjectName(claimed))).toBe('distribution.project-name');
    expect(isSameProject(claimed, readProjectName('foo'))).toBe(false);
  });
});
