// Digests that somebody states for files they built: read from what tools print, compared with what the statement binds, and said in one sentence.
import { describe, expect, it } from 'vitest';
import { readFileName, readSha256 } from '#lib/core/ids.ts';
import { compareRebuild, readDigestLines, sayRebuild } from '#lib/core/rebuild.ts';

const [one, two] = ['1'.repeat(64), '2'.repeat(64)];
const bound = (name: string, sha256: string) => ({ name: readFileName(name), sha256: readSha256(sha256) });

describe('what sha256sum and its sisters print', () => {
  it.each([
    ['sha256sum', `${one}  dist/a-1.0.tar.gz`],
    ['sha256sum --binary', `${one} *dist/a-1.0.tar.gz`],
    ['sha256sum --tag', `SHA256 (dist/a-1.0.tar.gz) = ${one}`],
    ['Get-FileHash', `SHA256          ${'1'.repeat(64)}       C:\\work\\dist\\a-1.0.tar.gz`],
    ['a statement', `# countersign release statement 1\n# index: x\n${one}  a-1.0.tar.gz\n`],
    ['with empty lines and CRLF', `\r\n${one}  a-1.0.tar.gz\r\n\r\n${one}  ./a-1.0.tar.gz\r\n`],
    ['in upper case', `${'A'.repeat(64)}  a-1.0.tar.gz`],
  ])('is read: %s', (_, pasted) => {
    const [file, ...more] = readDigestLines(pasted);
    expect(file?.name).toBe('a-1.0.tar.gz');
    expect(file?.sha256).toMatch(/^(?:1{64}|a{64})$/);
    expect(more).toEqual([]);
  });

  it.each([
    ['nothing', '\n# nothing\n', 'input.missing'],
    ['a digest without a name', one, 'rebuild.unreadable'],
    ['a shorter digest', `${'1'.repeat(40)}  a-1.0.tar.gz`, 'rebuild.unreadable'],
    ['a name that no file has', `${one}  a\u202eb.tar.gz`, 'rebuild.unreadable'],
    ['a name that climbs and ends', `${one}  ../..`, 'rebuild.unreadable'],
    ['one name with two digests', `${one}  a-1.0.tar.gz\n${two}  b/a-1.0.tar.gz`, 'rebuild.unreadable'],
    ['more lines than files', `${one}  a-1.0.tar.gz\n`.repeat(600), 'rebuild.unreadable'],
  ])('is refused: %s', (_, pasted, code) => {
    expect(() => readDigestLines(pasted)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a rebuild', () => {
  const files = [bound('a-1.0.tar.gz', one), bound('a-1.0-py3-none-any.whl', two)];

  it.each([
    [
      [bound('a-1.0.tar.gz', one), bound('a-1.0-py3-none-any.whl', two)],
      'rebuilt all 2 files and got the same digests',
    ],
    [[bound('a-1.0.tar.gz', one)], 'rebuilt 1 of 2 files and got the same digests'],
    [[bound('a-1.0.tar.gz', two)], 'rebuilt 1 of 2 files and got another digest for a-1.0.tar.gz'],
    [
      [bound('a-1.0.tar.gz', one), bound('a-1.0-py3-none-any.whl', one)],
      'rebuilt all 2 files and got another digest for a-1.0-py3-none-any.whl, and the same for 1 of them',
    ],
  ])('is compared with what the statement binds %#', (rebuilt, says) => {
    expect(sayRebuild(compareRebuild(files, rebuilt), files.length)).toBe(says);
  });

  it('of the one file is said as such', () => {
    expect(sayRebuild([{ name: 'a', isSame: true }], 1)).toBe('rebuilt the one file and got the same digest');
  });

  it('of a file that the statement does not bind is refused', () => {
    expect(() => compareRebuild(files, [bound('b-1.0.tar.gz', one)])).toThrow(
      expect.objectContaining({ code: 'rebuild.other-file' }),
    );
  });
});
