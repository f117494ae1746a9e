// Core metadata: what is read, and what is refused because two readers could read it differently.
import { describe, expect, test } from 'vitest';
import { readMetadata } from '#lib/python/metadata.ts';
import { codeOf } from '../support/inspections.ts';

const head = 'Metadata-Version: 2.1\nName: Demo.Name\nVersion: v1.0\n';
const read = (text: string) => readMetadata(Buffer.from(text));

describe('core metadata', () => {
  test('name, version, Requires-Python, dependencies and the body are read', () => {
    const metadata = read(
      `${head}Summary: a\nRequires-Python: >=3.8\nRequires-Dist: b\nrequires-dist: c (>1)\n\nBody: not a header\n\nmore\n`,
    );
    expect(metadata).toMatchObject({
      name: 'Demo.Name',
      project: 'demo-name',
      version: '1.0',
      summary: 'a',
      requiresPython: '>=3.8',
      requiresDist: ['b', 'c (>1)'],
      description: 'Body: not a header\n\nmore\n',
      unknown: [],
    });
  });

  test('a folded description header is one value, and CRLF line ends are read', () => {
    expect(read(`${head}Description: one\n        two\n`).description).toBe('one\n        two');
    expect(read(`${head}\nbody\n`.replaceAll('\n', '\r\n')).description).toBe('body\n');
  });

  test('headers that no version knows are named, not lost', () => {
    expect(read(`${head}X-Odd: 1\n`).unknown).toEqual(['x-odd']);
  });

  test.each([
    ['a name given twice', `${head}name: other\n`],
    ['a version given twice', `${head}Version: 2.0\n`],
    ['Requires-Python given twice', `${head}Requires-Python: >=3\nRequires-Python: >=2\n`],
    ['a description as header and as body', `${head}Description: a\n\nb\n`],
    ['a line that is no header', `${head}no header here\nName: other\n`],
    ['a space before the colon', `${head}Name : other\n`],
    ['a continuation before any header', ` x\n${head}`],
    ['a byte order mark', `\ufeff${head}`],
    ['an empty first line', `\n${head}`],
    ['a bare carriage return, which starts a header for Python', `${head}Summary: a\rName: other\n`],
    ['a line separator', `${head}Summary: a\u2028Name: other\n`],
    ['a terminal escape in a header', `${head}Summary: \u001b[2J\n`],
    ['an unknown metadata version', head.replace('2.1', '9.9')],
    ['no metadata version', 'Name: a\nVersion: 1\n'],
    ['nothing', ''],
  ])('threat 83: %s is refused', async (_, text) => {
    expect(await codeOf(() => read(text))).toBe('distribution.metadata');
  });

  test('text that is not UTF-8 is refused', async () => {
    expect(await codeOf(() => readMetadata(Buffer.from(`${head}Author: J\xfcrgen\n`, 'latin1')))).toBe(
      'distribution.metadata',
    );
  });

  test('a missing or invalid name, version or Requires-Python is refused with its own code', async () => {
    expect(await codeOf(() => read('Metadata-Version: 2.1\nVersion: 1\n'))).toBe('distribution.project-name');
    expect(await codeOf(() => read('Metadata-Version: 2.1\nName: a\n'))).toBe('distribution.version');
    expect(await codeOf(() => read('Metadata-Version: 2.1\nName: a\nVersion: 1+x\n'))).toBe(
      'distribution.local-version',
    );
    expect(await codeOf(() => read(`${head}Requires-Python: <script>\n`))).toBe('distribution.requires-python');
  });
});
