// A project that has lost too many keys goes on as a new chain (docs/decisions/024): version N+1 names no previous policy and is signed by its founders,
// as version 1 was. It never passes as a step of the old chain; whoever accepts one must ask for it by these functions, and say so loudly.
import { refuse } from './errors.ts';
import type { Fingerprint, Sha256 } from './ids.ts';
import { requireFollows, requireKept } from './policy-chain.ts';
import { ownersOf, type Policy, type PolicyPerson } from './policy.ts';

/** Whether this document begins a chain anew. Version 1 does not: nothing was before it. */
export const beginsNewChain = (policy: Policy): boolean => policy.version > 1 && policy.previous === null;

/**
 * Refuses (`policy.breaks-chain`) a new chain that forgets what the one before it ended: retired and struck entries, keys that leave without
 * an entry, keys that move to another name. Its signatures are judged as those of a first policy: `evaluatePolicy(null, next, …)`.
 */
export function requireBeginsAnew(before: Policy, next: Policy): void {
  if (!beginsNewChain(next)) throw refuse('policy.breaks-chain', { why: 'it does not begin a new chain' });
  requireKept(before, next);
}

/** Whether no next policy could ever be signed by those who must: only then may a chain begin anew. `isUsable`: can this key sign now? */
export function isStuck(policy: Policy, isUsable: (key: Fingerprint) => boolean): boolean {
  const ableAmong = (people: readonly PolicyPerson[]) => people.filter(({ keys }) => keys.some(isUsable)).length;
  const needed = Math.min(policy.threshold, policy.people.length);
  return ableAmong(ownersOf(policy)) < policy.ownerThreshold || ableAmong(policy.people) < needed;
}

/** A step of the chain, or a new chain that was permitted before; refuses (`policy.breaks-chain`) what is neither. */
export function requireComesAfter(previous: { policy: Policy; sha256: Sha256 } | null, next: Policy): void {
  if (previous && beginsNewChain(next)) requireBeginsAnew(previous.policy, next);
  else requireFollows(previous, next);
}
