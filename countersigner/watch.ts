// Round after round: the web program holds our question for the queue open until there is something new, so that a release is countersigned at once; and
// at least once an interval there is a round anyway, for what only our own clock tells (waiting times). A web program that is away is asked again,
// less and less often; the same news is said once. Told to stop, it ends between two rounds.
import { setTimeout as pause } from 'node:timers/promises';
import { isRefusal, type Refusal } from '#lib/core/errors.ts';
import type { RoundReport } from './round-parts.ts';
import type { Queue, WebProgram } from './web-program.ts';

export type Watch = {
  web: WebProgram;
  /** The longest time between two rounds. */
  intervalMs: number;
  /** One round over this queue. */
  round(queue: Queue): Promise<RoundReport>;
  say(line: object): void;
  stop: AbortSignal;
};

/** What one request may hang, and how soon an unchanged queue is asked for again when it comes at once. */
const hangSecondsMax = 60;
const breathMs = 1_000;

/** Works until it is told to stop. Throws what is no mere absence of the web program. */
export async function watch({ web, intervalMs, round, say, stop }: Watch): Promise<void> {
  const tell = sayOnce(say);
  let seen: Queue | null = null;
  let failures = 0;
  while (!stop.aborted) {
    try {
      const queue = await nextQueue(web, { seen, intervalMs, stop });
      if (stop.aborted) return;
      tell(newsOf(await round(queue)));
      seen = queue;
      failures = 0;
    } catch (fault) {
      if (stop.aborted && isAway(fault)) return;
      if (!isAway(fault)) throw fault;
      tell({ level: 'warn', code: fault.code, says: fault.message });
      seen = null;
      await pauseUnless(stop, Math.min(intervalMs, breathMs * 2 ** failures));
      failures += 1;
    }
  }
}

const isAway = (fault: unknown): fault is Refusal => isRefusal(fault) && fault.kind === 'unavailable';

type Wait = { seen: Queue | null; intervalMs: number; stop: AbortSignal };

/** The queue as soon as it is another one than was seen, or as it is when the interval is over. */
async function nextQueue(web: WebProgram, { seen, intervalMs, stop }: Wait): Promise<Queue> {
  if (seen === null) return web.queue(undefined, stop);
  const due = performance.now() + intervalMs;
  for (;;) {
    const seconds = Math.min(hangSecondsMax, Math.ceil(Math.max(0, due - performance.now()) / 1000));
    const asked = performance.now();
    const queue = await web.queue({ since: seen.mark, seconds }, stop);
    const now = performance.now();
    if (queue.mark !== seen.mark || now >= due || stop.aborted) return queue;
    // One that does not let us wait.
    await pauseUnless(stop, Math.min(due - now, asked + breathMs - now));
  }
}

/** Only the stop signal ends it early. */
async function pauseUnless(stop: AbortSignal, milliseconds: number): Promise<void> {
  if (milliseconds > 0) await pause(milliseconds, undefined, { signal: stop }).catch(() => undefined);
}

/** What a round did or could not do; nothing for a round without news. */
export function newsOf({ index: _, ...news }: RoundReport): object | null {
  const isQuiet = Object.values(news).every((list) => list.length === 0);
  return isQuiet ? null : { level: 'info', ...news };
}

/** The same news round after round is said once. */
function sayOnce(say: (line: object) => void): (news: object | null) => void {
  let said = '';
  return (news) => {
    const text = news ? JSON.stringify(news) : '';
    if (news && text !== said) say(news);
    said = text;
  };
}
