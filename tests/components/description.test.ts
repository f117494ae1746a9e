// The description of a release is text of strangers: nothing of it is markup, nothing is fetched, and nothing is made to hang.
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { Description, type ShownDescription } from '#components/release/description.tsx';

const show = (text: string, more: Partial<ShownDescription> = {}, above: 2 | 3 = 3): string =>
  renderToStaticMarkup(
    createElement(Description, {
      above,
      description: { kind: 'markdown', problem: null, left: 0, file: 'demo-1.0-py3-none-any.whl', text, ...more },
    }),
  );

describe('Markdown', () => {
  test('becomes elements, its headings below those of the page', () => {
    const html = show('# Demo\n\n- [x] done\n\n| a |\n|---|\n| b |\n\n```py\nx = 1\n```\n');
    expect(html).toContain('<h4>Demo</h4>');
    const everyLevel = [1, 2, 3, 4, 5, 6].map((level) => `${'#'.repeat(level)} x`).join('\n\n');
    expect(show(everyLevel, {}, 2).match(/<h\d>/g)?.join('')).toBe('<h3><h3><h4><h5><h6><h6>');
    expect(html).toContain('☑');
    expect(html).toMatch(/<table[^>]*>.*<td>b<\/td>/);
    expect(html).toMatch(/<pre class="mail-text"><code class="language-py">x = 1/);
  });

  test.each([
    ['a script', '<script>alert(1)</script>'],
    ['an image with a handler', '<img src=x onerror=alert(1)>'],
    ['a frame', 'before <iframe src="https://evil.example"></iframe> after'],
    ['a comment', '<!-- --><b onmouseover=alert(1)>x</b>'],
  ])('%s is not read as markup', (_, text) => {
    expect(show(text)).not.toMatch(/<(?:script|img|iframe|b)[\s>]|onerror=alert|<!--/);
  });

  test('fetches no picture: it is named, and a link', () => {
    const html = show(
      '![logo](https://evil.example/track.png) [![badge](https://ci.example/b.svg)](https://ci.example)',
    );
    expect(html).not.toContain('<img');
    expect(html).toContain('<a href="https://evil.example/track.png" rel="nofollow ugc noopener noreferrer"');
    expect(html).toContain('[picture: badge]');
    expect(html.match(/<a /g)).toHaveLength(2);
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', '/account/keys', '//evil.example', 'vbscript:x', 'docs/x.md'])(
    'a link to %s leads nowhere',
    (address) => {
      expect(show(`[click](${address})`)).toMatch(/<span>click<\/span>/);
    },
  );

  test('what would reorder it is named', () => {
    expect(show('safe \u202e gnp.exe')).toContain('[U+202E]');
  });

  test.each([
    ['quotes in quotes', '> '.repeat(5000)],
    ['lists in quotes', '>- '.repeat(5000)],
    ['deep lists', Array.from({ length: 200 }, (_, at) => `${' '.repeat(at * 2)}- a`).join('\n')],
  ])('of %s is shown as it stands', (_, text) => {
    expect(show(text)).toContain('shown as it stands');
  });

  test('that is long is cut at the end of a line, and says how much is missing', () => {
    expect(show('word word\n'.repeat(5000))).toMatch(/20000 more characters|2000\d more characters/);
  });
});

describe('everything else', () => {
  test('reStructuredText and unknown types are the text that they are', () => {
    expect(show('Demo\n====\n', { kind: 'rst' })).toContain('<pre class="mail-text">Demo\n====\n</pre>');
    expect(show('<b>', { kind: 'plain', problem: 'its charset is not UTF-8' })).toContain(
      'It is shown as it stands: its charset is not UTF-8.',
    );
  });
});
