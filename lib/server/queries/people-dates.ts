// Since when somebody may sign, and when others ended: read from the chain of policies that are or were in force, oldest first. Pure; the
// documents are trusted (they were checked when they came into force), and nothing else knows these dates.
import type { AccountName, Fingerprint, Instant } from '#lib/core/ids.ts';
import type { Policy } from '#lib/core/policy.ts';
import type { LoadedPolicy } from '#lib/server/judge/load-policy.ts';

/** Since when the policies name somebody, and each key, without a gap. */
export type Arrivals = { people: ReadonlyMap<AccountName, Date>; keys: ReadonlyMap<Fingerprint, Date> };

/** Somebody, or one of their keys, that the policy in force lists as retired or struck. */
export type EndedPerson = {
  name: AccountName;
  keys: readonly Fingerprint[];
  /** The policy that ended them, and when it came into force. */
  policy: number;
  at: Date;
  /** From this moment on their signatures are void; null: all of them (struck), or none (retired). */
  voidSince: Instant | null;
  /** Why they were struck; null: retired. */
  reason: string | null;
  /** Another key of theirs is in force. */
  stillSigns: boolean;
};

const inForceAt = (entry: LoadedPolicy): Date => entry.effectiveAt ?? entry.proposedAt;

/** Somebody who left and came again counts from when they came again. */
export function arrivalsOf(chain: readonly LoadedPolicy[]): Arrivals {
  let people = new Map<AccountName, Date>();
  let keys = new Map<Fingerprint, Date>();
  for (const entry of chain) {
    const at = inForceAt(entry);
    const [before, keysBefore] = [people, keys];
    people = new Map(entry.policy.people.map(({ name }) => [name, before.get(name) ?? at]));
    const named = entry.policy.people.flatMap((person) => person.keys);
    keys = new Map(named.map((key) => [key, keysBefore.get(key) ?? at]));
  }
  return { people, keys };
}

/** The retired and the struck of the newest policy, newest first. */
export function endedOf(chain: readonly LoadedPolicy[]): { retired: EndedPerson[]; struck: EndedPerson[] } {
  const newest = chain.at(-1);
  if (!newest) return { retired: [], struck: [] };
  const { people, retired, struck } = newest.policy;
  const common = (entry: Policy['retired'][number] | Policy['struck'][number], list: 'retired' | 'struck') => {
    const spelling = JSON.stringify(entry);
    const first = chain.find(({ policy }) => policy[list].some((other) => JSON.stringify(other) === spelling));
    const { name, keys } = entry;
    const ended = first ?? newest;
    return {
      ...{ name, keys, policy: ended.version, at: inForceAt(ended) },
      stillSigns: people.some((person) => person.name === name),
    };
  };
  return {
    retired: retired.map((entry) => ({ ...common(entry, 'retired'), voidSince: null, reason: null })).reverse(),
    struck: struck
      .map((entry) => ({ ...common(entry, 'struck'), voidSince: entry.since, reason: entry.reason }))
      .reverse(),
  };
}
