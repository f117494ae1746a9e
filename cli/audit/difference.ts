// What an audit lists: where the index serves something else than its log tells. A difference is not an exception: the audit goes on and lists them all.
import { isRefusal } from '#lib/core/errors.ts';

export type Difference = {
  /** One word for programs (docs/guide/audit.md). */
  code: DifferenceCode;
  /** What it is about: a path of the index tree. */
  path: string;
  says: string;
};

export type DifferenceCode =
  | 'unreadable'
  | 'rewritten'
  | 'gap'
  | 'not-served'
  | 'differs'
  | 'not-countersigned'
  | 'policies'
  | 'not-in-log'
  | 'hidden-release'
  | 'older-list'
  | 'declared'
  | 'page'
  | 'file';

export const difference = (code: DifferenceCode, path: string, says: string): Difference => ({ code, path, says });

/** Does a check; its refusal is a difference. A network that is away, and mistakes of ours, end the audit. */
export async function asDifference(code: DifferenceCode, path: string, check: () => unknown): Promise<Difference[]> {
  try {
    await check();
    return [];
  } catch (fault) {
    if (!isRefusal(fault) || fault.kind === 'unavailable') throw fault;
    return [difference(code, path, `${fault.message} (${fault.code})`)];
  }
}

/** Does the work for each, so many at once; answers in their order. */
export async function inTurns<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const take = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) results[at] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, take));
  return results;
}
