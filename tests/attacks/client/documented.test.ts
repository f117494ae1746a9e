// docs/formats/lies.md is the suite of lies for readers: it names every code that the suite expects, with the exit code that it has, and no other.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { exitCode, register, type RefusalCode } from '#lib/core/errors.ts';

const here = import.meta.dirname;
const areas = 'distribution|evidence|index|log|page|policy|release|trust|tuf|verify';
const rows = readFileSync('docs/formats/lies.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'));
const codesIn = (text: string, quote: string): string[] =>
  [...text.matchAll(new RegExp(`${quote}((?:${areas})\\.[a-z-]+)${quote}`, 'g'))].map(([, code = '']) => code);
const documented = new Set(rows.flatMap((row) => codesIn(row, '`')));

test('every code that a lie is refused with is in the table', () => {
  const suite = readdirSync(here).filter((name) => name.endsWith('.test.ts') && !name.startsWith('documented'));
  const expected = suite.flatMap((name) => codesIn(readFileSync(path.join(here, name), 'utf8'), "'"));
  expect([...new Set(expected)].filter((code) => !documented.has(code))).toEqual([]);
  // Of the disk the suite expects either word.
  const extra = [...documented].filter((code) => !expected.includes(code) && !code.endsWith('.not-written'));
  expect(extra).toEqual([]);
});

test('every code of the table exists and ends with the exit code that stands beside it', () => {
  for (const row of rows) {
    const exit = Number(/\| (\d) \|$/.exec(row)?.[1] ?? Number.NaN);
    for (const code of codesIn(row, '`'))
      expect([code, exitCode[register[code as RefusalCode]?.kind]]).toEqual([code, exit]);
  }
});
