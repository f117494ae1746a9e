// New chains that the countersigner has taken: a hand-back that holds one brings it into force, in the change that places it. Trusts the hand-back,
// whose index signature was checked; the document must be the very one that was signed here. One that was withdrawn meanwhile is in force all
// the same: it is what the countersigner goes by from now on.
import type { ProjectName, Sha256 } from '#lib/core/ids.ts';
import { readPolicy } from '#lib/core/policy.ts';
import { beginsNewChain } from '#lib/core/new-chain.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { Handback } from '#lib/evidence/handback.ts';
import type { Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { bringIntoForce } from '#lib/server/judge/bring-into-force.ts';
import { judgePolicy, loadPolicyVersion } from '#lib/server/judge/load-policy.ts';

const policyPattern = /^evidence\/[^/]+\/policy\/[0-9]+\.json$/;

/** Brings every new chain of the hand-back into force that is not yet. Placing a hand-back twice changes nothing. */
export async function takeNewChains(work: Change, { files }: Handback): Promise<void> {
  for (const [place, bytes] of files) {
    if (!policyPattern.test(place)) continue;
    const policy = readPolicy(bytes);
    if (beginsNewChain(policy)) await takeOne(work, { ...policy, sha256: hashing.sha256(bytes) });
  }
}

async function takeOne(
  work: Change,
  { project, version, sha256 }: { project: ProjectName; version: number; sha256: Sha256 },
): Promise<void> {
  const { tx } = work;
  await lockRow(tx, 'Project', project);
  const row = await tx.policy.findFirst({
    where: { projectName: project, version, sha256, state: { in: ['open', 'withdrawn', 'expired'] } },
  });
  if (!row) return;
  // Whatever else is open for the same number can never be in force now.
  const others = { openSlot: project, id: { not: row.id } };
  await tx.policy.updateMany({ where: others, data: { state: 'withdrawn', openSlot: null } });
  await tx.policy.updateMany({ where: { id: row.id }, data: { state: 'open', openSlot: project } });
  await bringIntoForce(work, await judgePolicy(tx, await loadPolicyVersion(tx, project, version), work.now));
  await work.record('chain.begun', { project, details: { version, sha256 } });
}
