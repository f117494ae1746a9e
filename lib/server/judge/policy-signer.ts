// Who may hand in signatures over a policy change: the people of the project, and somebody whom the open change itself names
// (a new owner must sign it before any policy in force knows them).
import { refuse } from '#lib/core/errors.ts';
import type { AccountName } from '#lib/core/ids.ts';
import { requireAsking, requireMay, type Actor, type Role } from '#lib/core/people.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadOpenPolicy } from './load-policy.ts';
import { standingIn, type Standing } from './project-role.ts';

/** The role for policy matters: by rows, else as the open change names the person. */
export async function standingInPolicy(tx: Transaction, actor: Actor, claimed: string): Promise<Standing> {
  const standing = await standingIn(tx, actor, claimed);
  if (standing.role !== 'invited' || actor.kind !== 'person') return standing;
  const open = await loadOpenPolicy(tx, standing.project.name);
  const named: Role | undefined = open?.policy.people.find((person) => person.name === actor.name)?.role;
  return { ...standing, role: named ?? standing.role };
}

/** Refuses `person.sign-in-first`, `project.not-found`, `person.may-not`; a number that is none is `policy.not-found`. */
export async function requirePolicySigner(
  tx: Transaction,
  actor: Actor,
  claimed: string,
  version: number,
): Promise<Standing & { name: AccountName }> {
  requireAsking(actor, 'policy.sign');
  const standing = await standingInPolicy(tx, actor, claimed);
  const name = requireMay(actor, standing.role, 'policy.sign', standing.project.name);
  if (!Number.isSafeInteger(version)) throw refuse('policy.not-found', { project: standing.project.name, version });
  return { ...standing, name };
}
