// Answers that are sent again as they are: only to requests that are equal in all that the answer depends on, and not for long.

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createReadyAnswers, type ReadyAnswer } from '#web/ready-answers.ts';

const request = (url: string, headers: IncomingHttpHeaders = {}, method = 'GET') =>
  ({ url, headers, method }) as IncomingMessage;
const answer = (text: string): ReadyAnswer => ({ status: 200, headers: [], body: Buffer.from(text) });
const second = 1_000;

afterEach(() => vi.restoreAllMocks());

describe('an answer that was made a moment ago', () => {
  const asked: IncomingHttpHeaders = { accept: 'text/html', 'accept-encoding': 'gzip', 'if-none-match': '"a"' };
  const others: [string, IncomingMessage][] = [
    ['address', request('/simple/b/', asked)],
    ['query', request('/simple/a/?q', asked)],
    ['method', request('/simple/a/', asked, 'HEAD')],
    ['Accept', request('/simple/a/', { ...asked, accept: '*/*' })],
    ['Accept-Encoding', request('/simple/a/', { ...asked, 'accept-encoding': 'br' })],
    ['If-None-Match', request('/simple/a/', { ...asked, 'if-none-match': '"b"' })],
    ['no headers', request('/simple/a/')],
  ];

  it('is found by an equal request, whatever else that says', () => {
    const ready = createReadyAnswers(60 * second);
    ready.keep(request('/simple/a/', asked), answer('a'));
    expect(ready.find(request('/simple/a/', { ...asked, 'user-agent': 'pip' }))?.body?.toString()).toBe('a');
  });

  it.each(others)('is not found by a request with another %s', (_, other) => {
    const ready = createReadyAnswers(60 * second);
    ready.keep(request('/simple/a/', asked), answer('a'));
    expect(ready.find(other)).toBeUndefined();
    ready.keep(other, answer('other'));
    expect(ready.find(other)?.body?.toString()).toBe('other');
    expect(ready.find(request('/simple/a/', asked))?.body?.toString()).toBe('a');
  });

  it('is forgotten with all others when their time is over, however often it was found', () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(10 * second);
    const ready = createReadyAnswers(second);
    ready.keep(request('/simple/a/'), answer('a'));
    now.mockReturnValue(11 * second - 1);
    expect(ready.find(request('/simple/a/'))).toBeDefined();
    ready.keep(request('/simple/b/'), answer('b'));
    now.mockReturnValue(11 * second);
    expect(ready.find(request('/simple/b/'))).toBeUndefined();
    expect(ready.find(request('/simple/a/'))).toBeUndefined();
  });
});

describe('what is kept', () => {
  it('is nothing where no life is given', () => {
    const ready = createReadyAnswers(0);
    ready.keep(request('/simple/a/'), answer('a'));
    expect(ready.find(request('/simple/a/'))).toBeUndefined();
  });

  it('has no large body and no long address', () => {
    const ready = createReadyAnswers(60 * second);
    const large = request('/simple/large/');
    const long = request(`/simple/${'a'.repeat(600)}/`);
    ready.keep(large, answer('x'.repeat(65 * 1024)));
    ready.keep(long, answer('a'));
    expect([ready.find(large), ready.find(long)]).toEqual([undefined, undefined]);
  });

  it('is bounded: a flood of addresses, or of spellings of one, only empties it', () => {
    const ready = createReadyAnswers(60 * second);
    const numbered = (n: number) => request('/simple/a/', { accept: `text/html;q=0.${n}` });
    for (let n = 0; n < 1_024; n += 1) ready.keep(n % 2 ? numbered(n) : request(`/simple/${n}/`), answer('a'));
    expect(ready.find(numbered(1))).toBeDefined();
    ready.keep(request('/simple/last/'), answer('last'));
    expect(ready.find(numbered(1))).toBeUndefined();
    expect(ready.find(request('/simple/last/'))).toBeDefined();
  });
});
