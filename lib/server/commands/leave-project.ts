// Somebody leaves a project by themselves: a maintainer too may propose the policy that retires them. What they signed keeps counting; the owners sign
// the policy, as they sign every change of people. The last owner cannot leave: the project would belong to nobody.
import type { ProjectName } from '#lib/core/ids.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import { change } from '#lib/server/change.ts';
import { openProposal } from '#lib/server/judge/open-proposal.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';

/** @throws `person.…`, `session.not-fresh`, `project.…`, `policy.already-open`, `policy.last-owner`, `policy.too-few-owners` */
export async function leaveProject(
  actor: Actor,
  input: { project: string },
): Promise<{ project: ProjectName; version: number }> {
  return change(actor, 'web', async (work) => {
    const { project, name } = await requireRight(work.tx, actor, 'person.leave', input.project);
    requireFresh(actor, work.now.getTime());
    const { version } = await openProposal(work, project.name, { remove: [{ name, how: 'retire' }] }, name);
    return { project: project.name, version };
  });
}
