// Waiting for a draft: asks how it stands, and again whenever something happened in its project, until it is over, is other than what the caller
// knows, or the time is up. Every answer is the whole state, asked anew with the caller's rights: a revoked token ends the wait with its
// refusal. What no entry of history tells (a word of the countersigner) is found by a look every few seconds.
import { makeBell } from '#lib/server/bell.ts';
import { sharedWatch, type Entry } from '#lib/server/history/watch-history.ts';
import { limits } from '#lib/server/limits.ts';
import type { DraftStatus } from './draft-status.ts';

export type StatusWish = {
  /** How long the caller would wait; 0: not at all. */
  seconds: number;
  /** The mark that the caller knows: any other is an answer. null: only the end is one. */
  since: string | null;
};

type Waiter = {
  /** null: not known yet, so everything concerns it. */
  project: string | null;
  hear(): void;
};

const waiters = new Set<Waiter>();

async function tell(entries: readonly Entry[]): Promise<void> {
  const projects = new Set(entries.map(({ projectName }) => projectName));
  for (const waiter of [...waiters]) if (waiter.project === null || projects.has(waiter.project)) waiter.hear();
}

const watching = sharedWatch(tell);

const isAnswer = ({ outcome, mark }: DraftStatus, { since }: StatusWish): boolean =>
  since === null ? outcome !== 'waiting' : mark !== since;

/** What `ask` answers when there is something to say, or the time is up, or nobody listens any more. Refuses as `ask` does. */
export async function awaitStatus(
  ask: () => Promise<DraftStatus>,
  wish: StatusWish,
  gone: AbortSignal,
): Promise<DraftStatus> {
  // Too many at once: these are answered now, and ask again.
  if (wish.seconds === 0 || waiters.size >= limits.statusWaitersMax) return ask();
  const end = performance.now() + wish.seconds * 1000;
  const bell = makeBell();
  const waiter: Waiter = { project: null, hear: bell.ring };
  waiters.add(waiter);
  try {
    await watching.begin();
    for (;;) {
      const status = await ask();
      waiter.project = status.project;
      const left = end - performance.now();
      if (isAnswer(status, wish) || left <= 0 || gone.aborted) return status;
      await bell.wait(Math.min(left, limits.statusLookMs), gone);
    }
  } finally {
    waiters.delete(waiter);
    if (waiters.size === 0) watching.end();
  }
}
