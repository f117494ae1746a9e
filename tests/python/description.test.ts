// What a description is written in, and its text.
import { describe, expect, test } from 'vitest';
import { readDescription, readDescriptionType } from '#lib/python/description.ts';
import { readMetadata } from '#lib/python/metadata.ts';

describe('what a description is written in (core metadata, Description-Content-Type)', () => {
  test.each<[string | null, string, boolean]>([
    [null, 'rst', true],
    ['', 'rst', true],
    ['text/markdown', 'markdown', true],
    ['Text/Markdown; charset=UTF-8; variant=GFM', 'markdown', true],
    ['text/markdown; variant=CommonMark', 'markdown', true],
    ['text/markdown; variant="GFM"', 'markdown', true],
    ['text/x-rst; charset=utf-8', 'rst', true],
    ['text/plain', 'plain', true],
    ['text/markdown; variant=Pandoc', 'plain', false],
    ['text/markdown; charset=latin-1', 'plain', false],
    ['text/html', 'plain', false],
    ['<script>', 'plain', false],
  ])('%s is shown as %s', (claimed, kind, isFine) => {
    const read = readDescriptionType(claimed);
    expect([read.kind, read.problem === null]).toEqual([kind, isFine]);
  });
});

describe('its text', () => {
  const textOf = (more: string, most = 1000) =>
    readDescription(readMetadata(Buffer.from(`Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n${more}`)), most);

  test('is the body', () => {
    expect(textOf('\n# Demo\n\n    code\n')).toEqual({ text: '# Demo\n\n    code', left: 0 });
  });

  test('of old tools is the header, without the indentation that folds it', () => {
    expect(textOf('Description: Demo\n        ====\n        \n       |  quoted\n')).toEqual({
      ...{ text: 'Demo\n====\n\n  quoted', left: 0 },
    });
  });

  test('is cut at the limit, and says how much is left', () => {
    expect(textOf('\n123456789', 4)).toEqual({ text: '1234', left: 5 });
  });
});
