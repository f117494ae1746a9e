// What waits together is done together, in the order in which it came and in the context of whoever asked; a failure is nobody else's.
import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { inRounds, inStep } from '#lib/server/in-rounds.ts';

function gate() {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
}

const done = (value: string): PromiseSettledResult<string> => ({ status: 'fulfilled', value });

test('what comes while a round is on its way forms the next one, at most so many at a time', async () => {
  const first = gate();
  const rounds: string[] = [];
  const ask = inRounds<string, string>(3, async (round) => {
    rounds.push(round.map(({ item }) => item).join(''));
    await first.passed;
    return round.map(({ item }) => done(item.toUpperCase()));
  });
  const asked = ['a', 'b', 'c', 'd', 'e'].map(ask);
  first.open();
  expect(await Promise.all(asked)).toEqual(['A', 'B', 'C', 'D', 'E']);
  expect(rounds).toEqual(['a', 'bcd', 'e']);
  expect(await ask('f')).toBe('F');
});

test('a refusal is the answer to one of a round, and where the round fails as a whole each is tried alone', async () => {
  const rounds: string[] = [];
  const ask = inRounds<string, string>(9, async (round) => {
    const name = round.map(({ item }) => item).join('');
    rounds.push(name);
    if (name.includes('!')) throw new Error('no');
    return round.map(({ item }) => (item === '?' ? { status: 'rejected', reason: new Error('refused') } : done(item)));
  });
  const ended = await Promise.allSettled(['a', '?', 'b', '!', 'c'].map(ask));
  expect(ended.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error).message))).toEqual([
    ...['a', 'refused', 'b', 'no', 'c'],
  ]);
  expect(rounds).toEqual(['a', '?b!c', '?', 'b', '!', 'c']);
});

test('each keeps the context of its own request, and a round has none', async () => {
  const requests = new AsyncLocalStorage<string>();
  const ask = inRounds<null, string>(9, async (round) => {
    await Promise.resolve();
    return round.map(({ within }) => done(`${requests.getStore()} ${within(() => requests.getStore())}`));
  });
  const asked = ['one', 'two', 'three'].map((name) => requests.run(name, () => ask(null)));
  expect(await Promise.all(asked)).toEqual(['undefined one', 'undefined two', 'undefined three']);
  expect(await requests.run('four', () => inStep(() => Promise.resolve(requests.getStore())))).toBe('four');
});
