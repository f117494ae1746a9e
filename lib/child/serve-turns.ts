// The child's side: a turn comes, its answer goes. Whoever started this process sees everything that it answers, so there is nothing to
// keep; without them it ends.
import { isRefusal, plainRefusal, type PlainRefusal } from '#lib/core/errors.ts';

type Question = { id: number; turn: string; input: never };
export type Answer = { id: number } & ({ result: unknown } | { refusal: PlainRefusal } | { fault: string });

/** Answers turns of this table until its parent is gone. */
export function serveTurns(turns: Readonly<Record<string, (input: never) => Promise<unknown>>>): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', ({ id, turn, input }: Question) => {
    void answerTo(turns[turn], input).then((answer) => process.send?.({ id, ...answer }));
  });
}

async function answerTo(turn: ((input: never) => Promise<unknown>) | undefined, input: never) {
  try {
    if (!turn) throw new Error('There is no such turn.');
    return { result: await turn(input) };
  } catch (fault) {
    if (isRefusal(fault)) return { refusal: plainRefusal(fault) };
    return { fault: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) };
  }
}
