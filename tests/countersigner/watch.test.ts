// Round after round: one for each queue that is another one, one when the interval is over, none in a hurry while the web program is away.
import { expect, test } from 'vitest';
import { refuse } from '#lib/core/errors.ts';
import type { IndexName } from '#lib/core/ids.ts';
import { watch } from '../../countersigner/watch.ts';
import type { RoundReport } from '../../countersigner/round-parts.ts';
import type { Queue, QueueWish, WebProgram } from '../../countersigner/web-program.ts';

const index = 'sign.example.org' as IndexName;
const queue = (mark: string | null): Queue => ({ index, sequence: 0, handback: null, projects: [], drafts: [], mark });
const quiet: RoundReport = {
  ...{ index, policies: [], published: [], declared: [], quarantined: [], findings: [], refused: [] },
};
type Answer = string | null | 'away';

/** Watches over these answers; the last one is followed by the signal to stop. */
async function run(answers: Answer[], intervalMs: number, report = quiet) {
  const [wishes, rounds, said]: [(QueueWish | undefined)[], (string | null)[], object[]] = [[], [], []];
  const stop = new AbortController();
  const web = {
    queue: async (wish?: QueueWish) => {
      wishes.push(wish);
      const answer = answers.shift();
      if (answers.length === 0) stop.abort();
      if (answer === 'away') throw refuse('countersigner.web-away', { url: 'http://x', why: 'no answer' });
      return queue(answer ?? null);
    },
  } as WebProgram;
  const round = async ({ mark }: Queue) => (rounds.push(mark), report);
  await watch({ web, intervalMs, round, say: (line) => void said.push(line), stop: stop.signal });
  return { wishes, rounds, said };
}

test('it asks for another queue than the one it saw, for as long as the interval is', async () => {
  const { wishes, rounds } = await run(['one', 'two', 'three'], 10_000);
  expect(wishes).toEqual([undefined, { since: 'one', seconds: 10 }, { since: 'two', seconds: 10 }]);
  expect(rounds).toEqual(['one', 'two']); // the stop came with the third
});

test('an unchanged queue gets a round only when the interval is over', async () => {
  const { rounds } = await run(['one', 'one', 'one', 'two', 'three'], 600_000);
  expect(rounds).toEqual(['one', 'two']);
  expect((await run(['one', 'one', 'one'], 0)).rounds).toEqual(['one', 'one']);
});

test('a web program that gives no marks is asked once an interval', async () => {
  const { rounds, wishes } = await run(Array<null>(9).fill(null), 30);
  // A timer may end a little early: the queue is asked for once more then, but there is no round before its time.
  expect(rounds.length).toBeGreaterThan(1);
  expect(rounds.length).toBeLessThan(wishes.length);
  expect(wishes.at(-1)?.since).toBe(null);
});

test('a web program that is away is said once and asked again from the beginning', async () => {
  const { said, wishes, rounds } = await run(['one', 'away', 'away', 'two', 'three'], 1);
  expect(said).toEqual([expect.objectContaining({ level: 'warn', code: 'countersigner.web-away' })]);
  expect(wishes.map((wish) => wish?.since)).toEqual([undefined, 'one', undefined, undefined, 'two']);
  expect(rounds).toEqual(['one', 'two']);
});

test('the same news is said once, and what is no absence of the web program ends it', async () => {
  const news = { ...quiet, refused: [{ project: 'demo' as never, code: 'policy.breaks-chain', says: '…' }] };
  expect((await run(['one', 'two', 'three', 'four'], 10_000, news)).said).toHaveLength(1);
  const broken = { queue: async () => queue('one') } as WebProgram;
  const round = async () => Promise.reject(refuse('countersigner.went-back', { own: 1, web: 2 }));
  const stop = new AbortController().signal;
  await expect(watch({ web: broken, intervalMs: 1, round, say: () => undefined, stop })).rejects.toMatchObject({
    code: 'countersigner.went-back',
  });
});
