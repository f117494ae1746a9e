// Waiting for work: the countersigner asks for the queue and says which one it has seen (`mark`); the answer comes as soon as it is another one, or
// when the time is up. A change of this process is heard at once; one of another process by the watch over history. Asking is how we know that the
// countersigner is there. Whoever asks has shown the token; more of them than a few at a time are answered without a wait.
import { setTimeout as pause } from 'node:timers/promises';
import { makeBell, type Bell } from '#lib/server/bell.ts';
import { sharedWatch } from '#lib/server/history/watch-history.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { handoffQueue, type HandoffQueue } from './queue.ts';

export type QueueWish = {
  /** How long the caller would wait; 0: not at all. */
  seconds: number;
  /** The mark that the caller knows; null: none, so anything is an answer. */
  since: string | null;
};

type Waiter = { bell: Bell; isOver: boolean };

const waiters = new Set<Waiter>();

const ringAll = (): void => {
  for (const { bell } of waiters) bell.ring();
};

const watching = sharedWatch(async () => ringAll());

/** The queue, when it is not the one that the caller knows, or the time is up, or nobody listens any more. */
export async function awaitQueue({ seconds, since }: QueueWish, gone: AbortSignal): Promise<HandoffQueue> {
  const { wake } = runtime();
  await noteContact();
  const mayWait = seconds > 0 && since !== null && waiters.size < limits.handoffWaitersMax;
  if (!mayWait) return handoffQueue();
  const end = performance.now() + seconds * 1000;
  const waiter: Waiter = { bell: makeBell(), isOver: false };
  waiters.add(waiter);
  try {
    wake.handoff = ringAll;
    await watching.begin();
    for (;;) {
      const started = performance.now();
      const queue = await handoffQueue();
      const now = performance.now();
      if (queue.mark !== since || now >= end || gone.aborted || waiter.isOver) return queue;
      await waiter.bell.wait(end - now, gone);
      // As long again as the look took: many changes in a row cost half of the database's time, never all of it.
      await pause(Math.max(0, Math.min(now - started, end - performance.now())));
    }
  } finally {
    waiters.delete(waiter);
    if (waiters.size === 0) {
      wake.handoff = () => undefined;
      watching.end();
    }
  }
}

/** Answers everybody who waits, so that the server can close. */
export function endWaiting(): void {
  for (const waiter of waiters) waiter.isOver = true;
  ringAll();
}

async function noteContact(): Promise<void> {
  const { db, clock } = runtime();
  const seenAt = clock.now();
  await db.countersignerContact.upsert({ where: { id: 1 }, create: { id: 1, seenAt }, update: { seenAt } });
}
