// Writes down when a step of jobs ran, for people who look after the instance: the jobs program has no door that could be asked. Steps run every few seconds, so
// one that goes well is noted at most every half minute; one that begins or ceases to fail at once. Nothing is decided by these rows.
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';

/** `fault`: null where it ran to its end. */
export type Ran = { step: string; ms: number; fault: string | null };

const faultLengthMax = 500;

/** A note-taker for one loop: it remembers what it wrote. */
export function stepNotes(): (ran: Ran) => Promise<void> {
  const written = new Map<string, { at: number; failing: boolean }>();
  return async ({ step, ms, fault }) => {
    const { db, clock } = runtime();
    const now = clock.now();
    const last = written.get(step);
    const failing = fault !== null;
    if (last && last.failing === failing && now.getTime() - last.at < limits.jobsNoteMs) return;
    written.set(step, { at: now.getTime(), failing });
    const data = failing
      ? { failedAt: now, fault: fault.slice(0, faultLengthMax) }
      : { ranAt: now, ms: Math.round(ms), failedAt: null, fault: null };
    await db.jobStep.upsert({ where: { name: step }, create: { name: step, ...data }, update: data });
  };
}
