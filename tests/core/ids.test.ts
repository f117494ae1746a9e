// Checked strings accept one spelling; hostile forms are refused with `input.not-a`.
import { describe, expect, it } from 'vitest';
import { isRefusal } from '#lib/core/errors.ts';
import * as ids from '#lib/core/ids.ts';

const table: { read: (claimed: unknown) => string; good: string[]; bad: unknown[] }[] = [
  {
    read: ids.readSha256,
    good: ['0'.repeat(64)],
    bad: ['A'.repeat(64), '0'.repeat(63), `${'0'.repeat(64)}\n`, null, 7],
  },
  {
    read: ids.readFingerprint,
    good: ['A'.repeat(40), '0'.repeat(64)],
    bad: ['a'.repeat(40), 'A'.repeat(16), 'A'.repeat(41), 'ABCD EF01'.repeat(5)],
  },
  {
    read: ids.readProjectName,
    good: ['a', 'sunrise-demo', '0x'],
    bad: ['Sunrise', 'a--b', '-a', 'a-', 'a_b', 'a.b', '', 'a'.repeat(101), 'ä'],
  },
  {
    read: ids.readVersion,
    good: ['1.2.0', '1!2.0rc1.post2.dev3', '0'],
    bad: ['v1.0', '1.0+local', '01.0', '1.0-1', '1.0.RC1', '1.0 ', '1..0'],
  },
  {
    read: ids.readAccountName,
    good: ['ada', 'ada-l', 'a1'],
    bad: ['a', 'Ada', '1ada', 'ada-', 'a--b', 'a'.repeat(40), 'jobs\n'],
  },
  { read: ids.readDraftId, good: ['6f2c9d1e4b7a'], bad: ['6F2C9D1E4B7A', '6f2c9d1e4b7', '../../../etc'] },
  {
    read: ids.readIndexName,
    good: ['localhost:3000', 'sign.example.org'],
    bad: ['Sign.example.org', 'http://a', 'a:0', 'a/b', '', '-a'],
  },
  {
    read: ids.readFileName,
    good: ['a-1.0.tar.gz', 'A_b-1!2-py3-none-any.whl'],
    bad: ['../a', 'a/b', '.hidden', 'a b', 'a\u202eb', 'CON\\x', ''],
  },
  {
    read: ids.readInstant,
    good: ['2026-11-22T09:00:00Z'],
    bad: ['2026-11-22T09:00:00.0Z', '2026-02-30T09:00:00Z', '2026-11-22T09:00:00+00:00', '2026-11-22T24:00:00Z'],
  },
];

describe('checked strings', () => {
  it.each(table)('$read.name accepts its one spelling and refuses every other', ({ read, good, bad }) => {
    expect(good.map(read)).toEqual(good);
    expect(bad.map((claimed) => codeOf(() => read(claimed)))).toEqual(bad.map(() => 'input.not-a'));
  });

  it('a refusal quotes at most 80 characters of what was claimed', () => {
    expect(() => ids.readSha256('x'.repeat(5000))).toThrow(/^.{1,200}$/);
  });
});

function codeOf(work: () => unknown): string {
  try {
    return String(work());
  } catch (fault) {
    return isRefusal(fault) ? fault.code : String(fault);
  }
}
