// Makes a token of a project for a program, and answers it: the one time that it is shown. `status` asks how drafts stand; `upload` opens drafts and
// adds files besides, and neither signs nor publishes. It ends after a year, when it is revoked, and when whoever made it leaves the project. The
// owners hear of one that uploads: it acts in the name of its maker.
import { randomUUID } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import { readAccountName } from '#lib/core/ids.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import { change, type Change } from '#lib/server/change.ts';
import { after } from '#lib/server/clock.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { newProjectToken, projectScopes, readTokenName, type ProjectTokenKind } from '#lib/server/judge/token.ts';
import { limits } from '#lib/server/limits.ts';
import { tokenMadeLetter, type MadeToken } from '#lib/server/mail/letters/token-made.ts';
import { hashToken } from '#lib/server/secrets.ts';

/** All hostile. */
export type MakeProjectTokenInput = { project: string; name: string; kind: string };

/** @throws `person.…`, `project.not-found`, `session.not-fresh`, `input.missing`, `input.not-a`, `token.too-many` */
export async function makeProjectToken(actor: Actor, input: MakeProjectTokenInput): Promise<{ token: string }> {
  return change(actor, 'web', async (work) => {
    const { tx, now, record } = work;
    const { project, name: madeBy } = await requireRight(tx, actor, 'token.make', input.project);
    requireFresh(actor, now.getTime());
    await lockRow(tx, 'Project', project.name);
    const name = readTokenName(input.name);
    const kind = readKind(input.kind);
    const live = { projectName: project.name, revokedAt: null, expiresAt: { gt: now } };
    const most = limits.projectTokensMax;
    if ((await tx.projectToken.count({ where: live })) >= most)
      throw refuse('token.too-many', { most, whose: 'A project has' });
    const [id, token, expiresAt] = [randomUUID(), newProjectToken(), after(now, limits.projectTokenMs)];
    const row = { id, projectName: project.name, kind, name, tokenHash: hashToken(token), madeBy };
    await tx.projectToken.create({ data: { ...row, createdAt: now, expiresAt } });
    await record('token.made', { project: project.name, details: { token: id, name, kind } });
    const made = { person: madeBy, name, scopes: projectScopes[kind], project: project.name, expiresAt };
    if (kind === 'upload') await tellOwners(work, made);
    return { token };
  });
}

function readKind(claimed: string): ProjectTokenKind {
  if (claimed === 'status' || claimed === 'upload') return claimed;
  throw refuse('input.not-a', { what: 'what a token of a project can be for', claimed: claimed.slice(0, 80) });
}

/** The maker as well: somebody else may sit in front of their session. */
async function tellOwners(work: Change, made: MadeToken): Promise<void> {
  const where = { projectName: made.project ?? '', role: 'owner' };
  const owners = await work.tx.membership.findMany({ where, select: { personName: true } });
  const names = [made.person, ...owners.map(({ personName }) => readAccountName(personName))];
  await tellPeople(work, names, (reader) => tokenMadeLetter({ ...made, of: 'project', reader, at: work.now }));
}
