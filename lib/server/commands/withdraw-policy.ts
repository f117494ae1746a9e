// Withdraws an open policy change; its number is free again. What was signed for it counts nowhere else: the next document
// has other bytes. The first policy stays, since without it the project would have no way on. A new chain goes on without the signatures
// of the people in force, so each of them may withdraw it; and whoever proposed to leave may think again.
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName } from '#lib/core/ids.ts';
import { beginsNewChain } from '#lib/core/new-chain.ts';
import { requireFresh, requireMay, type Actor } from '#lib/core/people.ts';
import { change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { endProposal } from '#lib/server/judge/end-proposal.ts';
import { loadPolicyVersion } from '#lib/server/judge/load-policy.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';

/** @throws `person.…`, `session.not-fresh`, `project.not-found`, `policy.not-found`, `policy.not-open`, `policy.first-stays` */
export async function withdrawPolicy(
  actor: Actor,
  input: { project: string; version: number },
): Promise<{ project: ProjectName }> {
  return change(actor, 'web', async (work) => {
    const { tx, now } = work;
    const { project, role, name } = await requireRight(tx, actor, 'chain.withdraw', input.project);
    requireFresh(actor, now.getTime());
    await lockRow(tx, 'Project', project.name);
    const found = await loadPolicyVersion(tx, project.name, input.version);
    const { version, state } = found;
    if (!beginsNewChain(found.policy) && found.proposedBy !== name)
      requireMay(actor, role, 'policy.withdraw', project.name);
    if (state !== 'open') throw refuse('policy.not-open', { version, state });
    if (version === 1) throw refuse('policy.first-stays', {});
    await endProposal(work, found, { by: name });
    return { project: project.name };
  });
}
