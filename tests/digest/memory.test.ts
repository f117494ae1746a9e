// A file of any size is read once, a piece at a time, for any number of signatures: what memory it takes is bounded, not timed. Measured in
// a process of its own, since the peak of a process never goes down.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(path.join(tmpdir(), 'countersign-large-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const megabyte = 2 ** 20;
const size = 300 * megabyte;

// Answers how much the peak rose over a first small file, and how many digests came.
const program = `
const { digestFile } = await import(${JSON.stringify(path.join(root, 'lib/digest/digest-file.ts'))});
const [small, large, count] = process.argv.slice(-3);
const tails = Array.from({ length: Number(count) }, (_, at) => ({ algorithm: 'sha256', salt: null, suffix: Buffer.from(String(at)) }));
const peak = () => process.resourceUsage().maxRSS * 1024;
await digestFile(small, { plain: [], tails });
const before = peak();
const digested = await digestFile(large, { plain: ['sha256'], tails });
console.log(JSON.stringify({ grown: peak() - before, size: digested.size, tails: digested.tails.length }));
process.exit(0);
`;

function digestApart(count: number): { grown: number; size: number; tails: number } {
  const [small, large] = [path.join(folder, 'small'), path.join(folder, 'large')];
  writeFileSync(small, 'small');
  writeFileSync(large, 'large');
  truncateSync(large, size);
  const main = path.join(folder, 'main.mts');
  writeFileSync(main, program);
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', main, small, large, String(count)], {
    ...{ cwd: root, encoding: 'utf8', timeout: 50_000 },
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as ReturnType<typeof digestApart>;
}

test.each([1, 5, 1000])('300 MB for %i signatures take less than 130 MB of memory', (count) => {
  const { grown, ...digested } = digestApart(count);
  expect(digested).toEqual({ size, tails: count });
  expect(grown).toBeLessThan(130 * megabyte);
});
