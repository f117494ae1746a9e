// What cost a judge its life is not looked at again at once: after a minute, then after two, four … at most an hour, and at once when it is no longer
// the same. Only in memory: a new start tries everything once.

/** Which thing, and the state that it is in. */
type Subject = { what: string; mark: string };

export type SetAside = { mayTry(subject: Subject, now: number): boolean; keep(subject: Subject, now: number): void };

const minute = 60_000;
const most = 60 * minute;

/** Nothing set aside yet. */
export function makeSetAside(): SetAside {
  const kept = new Map<string, { mark: string; failures: number; until: number }>();
  return {
    mayTry: ({ what, mark }, now) => {
      const entry = kept.get(what);
      return entry?.mark !== mark || now >= entry.until;
    },
    keep: ({ what, mark }, now) => {
      const before = kept.get(what);
      const failures = before?.mark === mark ? before.failures + 1 : 0;
      kept.set(what, { mark, failures, until: now + Math.min(most, minute * 2 ** failures) });
    },
  };
}
