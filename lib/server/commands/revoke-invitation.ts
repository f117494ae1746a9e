// Ends an invitation by which nobody was admitted yet. A link that was mailed opens nothing afterwards.
import { refuse } from '#lib/core/errors.ts';
import { readProjectName, type ProjectName } from '#lib/core/ids.ts';
import { requireAsking, type Actor } from '#lib/core/people.ts';
import { change, requireHit, viaOf } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { loadOpenPolicy } from '#lib/server/judge/load-policy.ts';
import { requireRight, standingIn } from '#lib/server/judge/project-role.ts';

/** @throws `person.…`, `invitation.not-found` (also for a stranger), `invitation.in-open-policy` */
export async function revokeInvitation(actor: Actor, input: { invitation: string }): Promise<{ project: ProjectName }> {
  requireAsking(actor, 'invitation.revoke');
  return change(actor, viaOf(actor), async ({ tx, now, record }) => {
    const row = await tx.invitation.findUnique({ where: { id: input.invitation } });
    if (!row || (await standingIn(tx, actor, row.projectName)).role === 'none')
      throw refuse('invitation.not-found', {});
    await requireRight(tx, actor, 'invitation.revoke', row.projectName);
    const project = readProjectName(row.projectName);
    await lockRow(tx, 'Project', project);
    const open = await loadOpenPolicy(tx, project);
    const named = open?.policy.people.find((person) => person.name === row.acceptedBy);
    if (open && named && row.admittedAt === null)
      throw refuse('invitation.in-open-policy', { name: named.name, version: open.version });
    const written = await tx.invitation.updateMany({
      where: { id: row.id, admittedAt: null, revokedAt: null },
      data: { revokedAt: now, openSlot: null },
    });
    requireHit(written, () => refuse('invitation.not-found', {}));
    await record('invitation.revoked', { project, details: { invitation: row.id } });
    return { project };
  });
}
