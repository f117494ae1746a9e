// Proposes the next policy: the one in force with accepted invitations admitted, people removed, roles and keys changed, other numbers.
// It changes nothing until those who must have signed it. One open change a project (a unique slot holds that).
import type { ProjectName } from '#lib/core/ids.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import { change } from '#lib/server/change.ts';
import { openProposal } from '#lib/server/judge/open-proposal.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import type { PolicyInput } from '#lib/server/judge/read-wish.ts';

export type ProposePolicyInput = PolicyInput & { project: string };

/**
 * @throws `person.…`, `session.not-fresh`, `project.…`, `policy.already-open`, `policy.malformed`, `input.not-a`, `key.not-active`,
 * `invitation.not-accepted`, `policy.key-of-nobody`, and what `makeNextPolicy` of core refuses
 */
export async function proposePolicy(
  actor: Actor,
  input: ProposePolicyInput,
): Promise<{ project: ProjectName; version: number }> {
  return change(actor, 'web', async (work) => {
    const { project, name } = await requireRight(work.tx, actor, 'policy.propose', input.project);
    requireFresh(actor, work.now.getTime());
    const { version } = await openProposal(work, project.name, input, name);
    return { project: project.name, version };
  });
}
