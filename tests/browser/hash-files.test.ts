// Several files under way: what is told, in which order, and what a stop does.
import { expect, test } from 'vitest';
import type { hashFile } from '#lib/browser/hash-file.ts';
import { hashFiles, type HashingState } from '#lib/browser/hash-files.ts';
import { readSha256 } from '#lib/core/ids.ts';

const source = (name: string, size: number) => ({ name, size, from: new Blob([]) });

/** Takes a file in steps of `step` octets, and looks at the signal before each. */
const inSteps =
  (step: number): typeof hashFile =>
  async ({ name }, { onProgress, signal } = {}) => {
    const size = name === 'small' ? 10 : 1000;
    for (let at = 0; at < size; at += step) {
      signal?.throwIfAborted();
      onProgress?.(Math.min(step, size - at));
    }
    return { sha256: readSha256('a'.repeat(64)), bytes: size, state: new Uint8Array(1) };
  };

async function toldOf(step: number, { stopAt = Infinity, size = 1000 } = {}): Promise<[HashingState[], unknown]> {
  const control = new AbortController();
  const told: HashingState[] = [];
  const done = await hashFiles([source('large', size), source('small', 10)], {
    ...{ signal: control.signal, hash: inSteps(step) },
    onProgress: (state) => {
      told.push(state);
      if (state.percent >= stopAt) control.abort(new Error('stopped'));
    },
  }).catch((fault: unknown) => fault);
  return [told, done];
}

test('each file is told from none to all of it, in whole percents, and a hundred times at most', async () => {
  const [told, done] = await toldOf(3);
  const large = told.filter(({ name }) => name === 'large').map(({ percent }) => percent);
  expect([large[0], large.at(-1)]).toEqual([0, 100]);
  expect(large.length).toBeLessThanOrEqual(101);
  expect(told.at(-1)).toEqual({ name: 'small', bytes: 10, of: 10, percent: 100 });
  expect(done).toMatchObject([{ name: 'large' }, { name: 'small' }]);
});

test('a stop ends it with the reason of the stop, and no later file is begun', async () => {
  const [told, done] = await toldOf(100, { stopAt: 40 });
  expect(done).toEqual(new Error('stopped'));
  expect(told.at(-1)).toMatchObject({ name: 'large', percent: 40 });
});

test('a file that gives more than it was said to have is never more than done', async () => {
  const [told] = await toldOf(100, { size: 500 });
  expect(told.every(({ percent }) => percent <= 100)).toBe(true);
});
