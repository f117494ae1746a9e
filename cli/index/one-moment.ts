// An index answers from memory for up to a second (docs/decisions/010), so right after a change its documents can be of two moments. What does not
// fit together is asked for once more, when that second has passed; if it still does not fit, that is the answer.
import { setTimeout as pause } from 'node:timers/promises';
import { isRefusal, type RefusalCode } from '#lib/core/errors.ts';

const twoMomentsMs = 1_200;

/** Does the work, and does it once more after a refusal that two moments can explain (`unfitting`: its codes). */
export async function asOfOneMoment<T>(work: () => Promise<T>, unfitting: readonly RefusalCode[]): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    if (!isRefusal(fault) || !unfitting.includes(fault.code)) throw fault;
    await pause(twoMomentsMs);
    return work();
  }
}
