// Who the actor is in a project, asked of rows at the moment of the act: a session that was opened before a removal has no
// more rights than a new one (threats.md, 57). The answer what a role may do is core's (people.ts).
// A project without a policy in force exists only for its founder; a foreign one gives the answer of one that is not there.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readAccountName, type AccountName, type ProjectName } from '#lib/core/ids.ts';
import { may, requireAsking, requireMay, type Actor, type Role, type Verb } from '#lib/core/people.ts';
import { noteSubject } from '#lib/server/history/attempt.ts';
import { normaliseProjectName } from '#lib/python/names.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { requireLiveToken } from './token.ts';

export type ProjectFacts = { name: ProjectName; createdBy: AccountName; createdAt: Date; policyInForce: number | null };
/** The project and the reader's place in it. */
export type Standing = { project: ProjectFacts; role: Role };

/** Any spelling of a project's name; refuses `project.not-found` where it is none. */
function readClaimedProject(claimed: string): ProjectName {
  try {
    return normaliseProjectName(claimed);
  } catch (fault) {
    if (isRefusal(fault)) throw refuse('project.not-found', { claimed: claimed.slice(0, 80) }, fault);
    throw fault;
  }
}

/** The role that the policy in force gives; null: it does not name this person. */
export async function roleInForce(
  tx: Transaction,
  projectName: ProjectName,
  personName: AccountName,
): Promise<Role | null> {
  const membership = await tx.membership.findUnique({
    where: { projectName_personName: { projectName, personName } },
  });
  if (!membership) return null;
  return membership.role === 'owner' ? 'owner' : 'maintainer';
}

/** The role by rows: the policy in force first, then founder of a project without one, then an accepted invitation. */
async function roleOf(tx: Transaction, project: ProjectFacts, name: AccountName): Promise<Role> {
  const inForce = await roleInForce(tx, project.name, name);
  if (inForce !== null) return inForce;
  if (project.policyInForce === null && project.createdBy === name) return 'owner';
  const accepted = await tx.invitation.count({
    where: { projectName: project.name, acceptedBy: name, admittedAt: null, revokedAt: null },
  });
  return accepted > 0 ? 'invited' : 'none';
}

/** A token has the role of whoever made it, as long as it is good, and in its own project alone. Refuses `token.unusable`. */
async function roleOfActor(tx: Transaction, project: ProjectFacts, actor: Actor): Promise<Role> {
  if (actor.kind === 'person') return roleOf(tx, project, actor.name);
  if (actor.kind !== 'token') return 'none';
  await requireLiveToken(tx, actor);
  if (actor.project !== null && actor.project !== project.name) return 'none';
  const role = await roleOf(tx, project, actor.name);
  if (actor.of === 'project' && !seesDrafts(role)) throw refuse('token.unusable', {});
  return role;
}

/** The project as this actor may know of it. Refuses `project.not-found`, `token.unusable`. */
export async function standingIn(tx: Transaction, actor: Actor, claimed: string): Promise<Standing> {
  const name = readClaimedProject(claimed);
  const row = await tx.project.findUnique({ where: { name } });
  if (!row) throw refuse('project.not-found', { claimed: name });
  const { createdAt, policyInForce } = row;
  const project = { name, createdBy: readAccountName(row.createdBy), createdAt, policyInForce };
  const role = await roleOfActor(tx, project, actor);
  if (policyInForce === null && role === 'none') throw refuse('project.not-found', { claimed: name });
  noteSubject({ actor, project: name });
  return { project, role };
}

/** Like standingIn, for a person, or the token of one, with this right. Refuses `person.…`, `token.…`, `project.not-found`. */
export async function requireRight(
  tx: Transaction,
  actor: Actor,
  verb: Verb,
  claimed: string,
): Promise<Standing & { name: AccountName }> {
  requireAsking(actor, verb);
  const standing = await standingIn(tx, actor, claimed);
  return { ...standing, name: requireMay(actor, standing.role, verb, standing.project.name) };
}

/** Whether a role may see drafts; said here so that queries do not repeat the verb. */
export const seesDrafts = (role: Role): boolean => may(role, 'project.see-drafts');
