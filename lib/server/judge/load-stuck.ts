// Whether a project can still change its policy, by the keys as their rows are now: revoked and expired ones, and those that were said to be lost.
import { isUsableKey } from '#lib/core/key.ts';
import { isStuck } from '#lib/core/new-chain.ts';
import type { Policy } from '#lib/core/policy.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadKeyRing } from './key-ring.ts';

/** True where no next policy could be signed by those who must (docs/decisions/024). */
export async function isPolicyStuck(tx: Transaction, policy: Policy, now: Date): Promise<boolean> {
  const named = policy.people.flatMap((person) => person.keys);
  const { facts } = await loadKeyRing(tx, named);
  return isStuck(policy, (key) => isUsableKey(facts.get(key), now.getTime()));
}
