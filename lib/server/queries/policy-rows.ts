// An open policy change as lists show it, with the counts of its own verdict. Only for queries that asked what the reader may see.
import type { AccountName, ProjectName } from '#lib/core/ids.ts';
import type { NeedMet } from '#lib/core/policy-chain.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { judgePolicy, loadOpenPolicies, type LoadedPolicy } from '#lib/server/judge/load-policy.ts';

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

/** The open changes of these projects, in the order of their names. */
export async function loadPolicyRows(
  tx: Transaction,
  projects: readonly ProjectName[],
  reader: AccountName | null,
  now: Date,
): Promise<PolicyRow[]> {
  const rows: PolicyRow[] = [];
  for (const open of await loadOpenPolicies(tx, projects)) rows.push(await asPolicyRow(tx, open, reader, now));
  return rows;
}

/** The open change of a project; null: there is none. */
export async function loadPolicyRow(
  tx: Transaction,
  project: ProjectName,
  reader: AccountName | null,
  now: Date,
): Promise<PolicyRow | null> {
  const [row] = await loadPolicyRows(tx, [project], reader, now);
  return row ?? null;
}

async function asPolicyRow(
  tx: Transaction,
  open: LoadedPolicy,
  reader: AccountName | null,
  now: Date,
): Promise<PolicyRow> {
  const { verdict } = await judgePolicy(tx, open, now);
  const { project, version, proposedBy, proposedAt } = open;
  return {
    ...{ project, version, proposedBy, proposedAt, couldStillSign: verdict.couldStillSign },
    needs: verdict.needs.map(({ why, counted, required, missing }) => ({ why, counted, required, missing })),
    needsMe: reader !== null && verdict.couldStillSign.includes(reader),
  };
}
