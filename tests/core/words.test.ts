// What people write in several lines, and the addresses in it.
import { describe, expect, it } from 'vitest';
import { readWords, splitWords, wordsMost } from '#lib/core/words.ts';

const linksIn = (text: string): string[] => splitWords(text).flatMap((part) => (part.isLink ? [part.text] : []));

describe('text of several lines', () => {
  it('keeps its lines, in one spelling, without the space around it', () => {
    expect(readWords('  one\r\ntwo\rthree\n\tfour \n', 'the comment')).toBe('one\ntwo\nthree\n\tfour');
  });

  it.each([
    ['nothing', '', 'input.missing'],
    ['space alone', ' \n\t ', 'input.missing'],
    ['no text', 7, 'input.missing'],
    ['more characters than fit', 'x'.repeat(wordsMost.characters + 1), 'input.not-a'],
    ['more lines than fit', 'x\n'.repeat(wordsMost.lines) + 'x', 'input.not-a'],
    ['an escape sequence', 'ok \u001b[2J', 'input.not-a'],
    ['a NUL', 'a\0b', 'input.not-a'],
    ['a line separator', 'a\u2028b', 'input.not-a'],
    ['an override of direction', 'exe.\u202egnp', 'input.not-a'],
    ['an isolate', 'a\u2066b', 'input.not-a'],
  ])('%s is refused', (_, claimed, code) => {
    expect(() => readWords(claimed, 'the comment')).toThrow(expect.objectContaining({ code }));
  });

  it('may be of any script', () => {
    expect(readWords('שלום 你好 é 🎉', 'the comment')).toBe('שלום 你好 é 🎉');
  });
});

describe('addresses in a text', () => {
  it('are found apart, and the text stays whole', () => {
    const text = 'See https://ci.example/run/7?x=1#log, or (http://localhost:8000/).';
    expect(linksIn(text)).toEqual(['https://ci.example/run/7?x=1#log', 'http://localhost:8000/']);
    expect(
      splitWords(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });

  it.each([
    ['script', 'javascript:alert(1)'],
    ['data', 'data:text/html,x'],
    ['a name before the host', 'https://bank.example@evil.example/'],
    ['another script in the host', 'https://раураl.example/'],
    ['no host', 'https://'],
    ['a host that is none', 'https://-/'],
    ['another scheme', 'ftp://files.example/x'],
  ])('%s is text and no link', (_, text) => expect(linksIn(`a ${text} b`)).toEqual([]));
});
