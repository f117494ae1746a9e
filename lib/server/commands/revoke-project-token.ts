// Revokes a token of a project: one's own, or anybody's for its owners. From then on nobody is answered who shows it. It takes away only, so it
// needs no recent sign-in.
import { refuse } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import { change, requireHit, viaOf } from '#lib/server/change.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';

/** @throws `person.…`, `project.not-found`, `token.not-found` */
export async function revokeProjectToken(actor: Actor, input: { project: string; token: string }): Promise<void> {
  const missing = () => refuse('token.not-found', {});
  await change(actor, viaOf(actor), async ({ tx, now, record }) => {
    const { project, name, role } = await requireRight(tx, actor, 'token.revoke', input.project);
    const theirs = { id: input.token, projectName: project.name, ...(role === 'owner' ? {} : { madeBy: name }) };
    const row = await tx.projectToken.findFirst({ where: { ...theirs, revokedAt: null } });
    if (row === null) throw missing();
    const data = { revokedAt: now, revokedBy: name };
    requireHit(await tx.projectToken.updateMany({ where: { id: row.id, revokedAt: null }, data }), missing);
    await record('token.revoked', { project: project.name, details: { token: row.id, name: row.name } });
  });
}
