// How every proposal of rules begins: the project's row is locked, a policy is in force, and no other change is open.
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName } from '#lib/core/ids.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { loadOpenPolicy, requirePolicyInForce, type LoadedPolicy } from './load-policy.ts';

/** The policy that the proposal follows. Refuses `project.no-policy`, `policy.already-open`. */
export async function beginProposal(tx: Transaction, project: ProjectName): Promise<LoadedPolicy> {
  await lockRow(tx, 'Project', project);
  const previous = await requirePolicyInForce(tx, project);
  const open = await loadOpenPolicy(tx, project);
  if (open) throw refuse('policy.already-open', { project, version: open.version });
  return previous;
}
