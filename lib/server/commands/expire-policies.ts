// For jobs: proposals past their deadline expire, and the next change can be proposed. One change each; a second run, or two at once, finds
// nothing left to do. The first policy of a project has no deadline, and what its founders signed waits for the countersigner as long as it takes.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readProjectName } from '#lib/core/ids.ts';
import { change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { endProposal } from '#lib/server/judge/end-proposal.ts';
import { loadOpenPolicy } from '#lib/server/judge/load-policy.ts';
import { runtime } from '#lib/server/runtime.ts';

const overdueMost = 100;

/** How many expired. Only the jobs program calls it: it has no actor but `jobs`. */
export async function expirePolicies(): Promise<{ expired: number }> {
  const { db, clock } = runtime();
  const where = { state: 'open', waitsSince: null, deadline: { lte: clock.now() } };
  const overdue = await db.policy.findMany({ where, orderBy: { deadline: 'asc' }, take: overdueMost });
  let expired = 0;
  for (const { projectName } of overdue) if (await expireIfDue(projectName)) expired += 1;
  return { expired };
}

/** False where somebody was faster; then nothing is changed. */
async function expireIfDue(projectName: string): Promise<boolean> {
  const project = readProjectName(projectName);
  try {
    return await change({ kind: 'jobs' }, 'jobs', async (work) => {
      await lockRow(work.tx, 'Project', project);
      const open = await loadOpenPolicy(work.tx, project);
      if (!open || open.deadline === null || open.deadline > work.now)
        throw refuse('policy.not-found', { project, version: open?.version ?? 0 });
      await endProposal(work, open, 'deadline');
      return true;
    });
  } catch (fault) {
    if (isRefusal(fault)) return false;
    throw fault;
  }
}
