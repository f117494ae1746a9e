// Which projects name a key in the policy in force: whoever owns them hears when the key ends. Rows of memberships find the
// projects, the policy's bytes decide.
import { readProjectName, type AccountName, type Fingerprint } from '#lib/core/ids.ts';
import { ownersOf } from '#lib/core/policy.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadPolicyInForce, type LoadedPolicy } from './load-policy.ts';

/** The policies in force that name this key of this person, by project name. */
export async function loadPoliciesNaming(
  tx: Transaction,
  person: AccountName,
  key: Fingerprint,
): Promise<LoadedPolicy[]> {
  const memberships = await tx.membership.findMany({ where: { personName: person }, orderBy: { projectName: 'asc' } });
  const found: LoadedPolicy[] = [];
  for (const { projectName } of memberships) {
    const inForce = await loadPolicyInForce(tx, readProjectName(projectName));
    const named = inForce?.policy.people.find(({ name }) => name === person);
    if (inForce && named?.keys.includes(key)) found.push(inForce);
  }
  return found;
}

/** The names of the owners of these projects, each once. */
export function ownersOfAll(policies: readonly LoadedPolicy[]): AccountName[] {
  return [...new Set(policies.flatMap(({ policy }) => ownersOf(policy).map(({ name }) => name)))].sort();
}
