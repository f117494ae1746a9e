// What waits together is done together: requests that come while a round is on its way form the next one. Somebody who comes alone never waits; the more there
// are at once, the less each of them costs. Nothing rests on it: another process, and Next's own copy of this file, have rounds of their own, and what
// meets there is told apart by rows as ever. Each keeps the context of its own request, and one that fails fails nobody else.
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';

/** Runs something in the context of the request that asked (what history and idempotency note of it); a round has none. */
export type Within = <T>(work: () => T) => T;
export type Waiting<Item> = { item: Item; within: Within };

type Held<Item, Result> = Waiting<Item> & { resolve(result: Result): void; reject(fault: unknown): void };

const outside = AsyncLocalStorage.snapshot();
const withinHere = (): Within => AsyncResource.bind(<T>(work: () => T): T => work());

/**
 * A function that hands its item to `work` together with those that wait, `most` at a time, in the order in which they came, and ends as `work` says
 * for it. Where `work` fails as a whole, each of the round is tried alone.
 */
export function inRounds<Item, Result>(
  most: number,
  work: (round: readonly Waiting<Item>[]) => Promise<readonly PromiseSettledResult<Result>[]>,
): (item: Item) => Promise<Result> {
  const waiting: Held<Item, Result>[] = [];
  let isRunning = false;

  async function run(round: readonly Held<Item, Result>[]): Promise<void> {
    const [first, second] = round;
    try {
      const ended = await work(round);
      round.forEach(({ resolve, reject }, at) => {
        const mine = ended[at];
        if (mine?.status === 'fulfilled') resolve(mine.value);
        else reject(mine?.reason ?? new Error('A round did not answer one of those that waited.'));
      });
    } catch (fault) {
      if (second === undefined) first?.reject(fault);
      else for (const one of round) await run([one]);
    }
  }

  async function goOn(): Promise<void> {
    isRunning = true;
    while (waiting.length > 0) await run(waiting.splice(0, most));
    isRunning = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, within: withinHere(), resolve, reject });
      if (!isRunning) void outside(goOn);
    });
}

/**
 * Look-ups that begin at the same moment: the database client asks those for single rows that are alike as one. For reading alone.
 * Ends as the look-up does.
 */
export const inStep = <T>(look: () => Promise<T>): Promise<T> => step(look) as Promise<T>;

const step = inRounds<() => Promise<unknown>, unknown>(200, (round) =>
  Promise.allSettled(round.map(({ item, within }) => within(item))),
);
