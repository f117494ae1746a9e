// Makes a token by which a program asks how the drafts of a project stand, and answers it: the one time that it is shown. It reads and does nothing
// else; it ends after a year, when it is revoked, and when whoever made it leaves the project.
import { randomUUID } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import { change } from '#lib/server/change.ts';
import { after } from '#lib/server/clock.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { plainText } from '#lib/server/history/details.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { makeProjectToken } from '#lib/server/judge/project-token.ts';
import { limits } from '#lib/server/limits.ts';
import { hashToken } from '#lib/server/secrets.ts';

const nameCharactersMost = 60;

/** @throws `person.…`, `project.not-found`, `session.not-fresh`, `input.missing`, `input.not-a`, `token.too-many` */
export async function makeStatusToken(
  actor: Actor,
  input: { project: string; name: string },
): Promise<{ token: string }> {
  return change(actor, 'web', async ({ tx, now, record }) => {
    const { project, name: madeBy } = await requireRight(tx, actor, 'token.make', input.project);
    requireFresh(actor, now.getTime());
    await lockRow(tx, 'Project', project.name);
    const name = plainText(input.name).trim();
    if (name === '') throw refuse('input.missing', { field: 'what the token is for' });
    if (name.length > nameCharactersMost)
      throw refuse('input.not-a', {
        what: `a name of at most ${nameCharactersMost} characters`,
        claimed: name.slice(0, 80),
      });
    const live = { projectName: project.name, revokedAt: null, expiresAt: { gt: now } };
    const most = limits.projectTokensMax;
    if ((await tx.projectToken.count({ where: live })) >= most) throw refuse('token.too-many', { most });
    const token = makeProjectToken();
    const id = randomUUID();
    await tx.projectToken.create({
      data: {
        ...{ id, projectName: project.name, kind: 'status', name, tokenHash: hashToken(token), madeBy },
        ...{ createdAt: now, expiresAt: after(now, limits.projectTokenMs) },
      },
    });
    await record('token.made', { project: project.name, details: { token: id, name } });
    return { token };
  });
}
