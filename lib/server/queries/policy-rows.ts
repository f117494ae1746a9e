// An open policy change as lists show it, with the counts of its own verdict. Only for queries that asked what the reader may see.
import type { AccountName, ProjectName } from '#lib/core/ids.ts';
import type { NeedMet } from '#lib/core/policy-chain.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { judgePolicy, loadOpenPolicy } from '#lib/server/judge/load-policy.ts';

/** One open policy change in a list. */
export type PolicyRow = {
  project: ProjectName;
  version: number;
  proposedBy: AccountName;
  proposedAt: Date;
  needs: Pick<NeedMet, 'why' | 'counted' | 'required' | 'missing'>[];
  couldStillSign: AccountName[];
  needsMe: boolean;
};

/** The open change of a project; null: there is none. */
export async function loadPolicyRow(
  tx: Transaction,
  project: ProjectName,
  reader: AccountName | null,
  now: Date,
): Promise<PolicyRow | null> {
  const open = await loadOpenPolicy(tx, project);
  if (!open) return null;
  const { verdict } = await judgePolicy(tx, open, now);
  const { version, proposedBy, proposedAt } = open;
  return {
    ...{ project, version, proposedBy, proposedAt, couldStillSign: verdict.couldStillSign },
    needs: verdict.needs.map(({ why, counted, required, missing }) => ({ why, counted, required, missing })),
    needsMe: reader !== null && verdict.couldStillSign.includes(reader),
  };
}
