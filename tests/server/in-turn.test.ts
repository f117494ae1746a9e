// Work for one thing runs one after the other, in the order in which it came; a failure holds nobody up, and other things do not wait.
import { expect, test } from 'vitest';
import { inTurn } from '#lib/server/in-turn.ts';

function gate() {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
}

test('work for one thing waits for what came before it, and work for another thing does not', async () => {
  const said: string[] = [];
  const first = gate();
  const one = inTurn('draft', async () => {
    await first.passed;
    said.push('one');
  });
  const two = inTurn('draft', () => Promise.resolve(said.push('two')));
  await inTurn('another', () => Promise.resolve(said.push('beside')));
  expect(said).toEqual(['beside']);
  first.open();
  await Promise.all([one, two]);
  expect(said).toEqual(['beside', 'one', 'two']);
});

test('work that fails ends for whoever asked, and the next one goes on', async () => {
  const fails = inTurn('draft', () => Promise.reject(new Error('no')));
  const next = inTurn('draft', () => Promise.resolve('yes'));
  await expect(fails).rejects.toThrow('no');
  expect(await next).toBe('yes');
});
