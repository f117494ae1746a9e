// Lines that came and went, as they are read: with signs and words, escaped, and cut where there are too many.
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ChangedPaths, type ShownPath } from '#components/changes/changed-paths.tsx';

const show = (text: ShownPath['text'], linesMost = 10): string =>
  renderToStaticMarkup(
    createElement(ChangedPaths, {
      paths: [{ kind: 'changed', path: 'demo/<b>.py', from: null, was: 10, is: 20, target: null, text }],
      ...{ first: 25, linesMost, wholeAt: (number: number) => `?path=${number}` },
    }),
  );
const lines = (...texts: string[]): ShownPath['text'] => ({
  ...{ kind: 'lines', added: texts.length, removed: 1, left: 0, wholly: false },
  hunks: [
    {
      ...{ before: 3, after: 4 },
      lines: [{ kind: 'removed', text: 'old' }, ...texts.map((text) => ({ kind: 'added' as const, text }))],
    },
  ],
});

test('a line says by its sign and its element whether it came or went, and markup in it is text', () => {
  const html = show(lines('<script>'));
  expect(html).toContain('<del>− old\n</del><ins>+ &lt;script&gt;\n</ins>');
  expect(html).toContain('Line 4, before it was line 3');
  expect(html).toContain('demo/&lt;b&gt;.py');
  expect(html).toContain('Changed, 10 bytes → 20 bytes, +1 −1 lines.');
});

test('lines beyond what is shown are counted, with the place where all of them stand', () => {
  expect(show(lines('a', 'b', 'c'), 2)).toContain('<a href="?path=25">2 more lines</a>');
});

test('what has no lines says why', () => {
  expect(show({ kind: 'not-text' })).toContain('It is no text');
  expect(show({ kind: 'too-long' })).toContain('too long');
});
