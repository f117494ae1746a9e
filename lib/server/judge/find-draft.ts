// A draft by its claimed id, for whoever may do this to it. To everybody else it does not exist: a stranger's answer equals
// the one for an id that was never given (threats.md, 56).
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readDraftId, readProjectName, type AccountName, type DraftId } from '#lib/core/ids.ts';
import { requireAsking, requireMay, type Actor, type Role, type Verb } from '#lib/core/people.ts';
import type { Draft as DraftRow } from '#lib/server/db/generated/client.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { noteSubject } from '#lib/server/history/attempt.ts';
import { runtime } from '#lib/server/runtime.ts';
import { requireLiveLink, type LinkActor } from './personal-link.ts';
import { seesDrafts, standingIn } from './project-role.ts';

export type FoundDraft = { row: DraftRow; role: Role; name: AccountName };

function readClaimedDraft(claimed: string): DraftId {
  try {
    return readDraftId(claimed);
  } catch (fault) {
    if (isRefusal(fault)) throw refuse('draft.not-found', {}, fault);
    throw fault;
  }
}

/**
 * The draft, where the actor may do `verb` to it: as one of its people, with a token of one, or by a personal link that still opens it.
 * Refuses `person.sign-in-first`, `draft.not-found`, `person.may-not`, `token.…` where it is a token and `link.…` where it is a link.
 */
export async function findDraft(tx: Transaction, actor: Actor, verb: Verb, claimed: string): Promise<FoundDraft> {
  if (actor.kind === 'link') return findByLink(tx, actor, verb, claimed);
  requireAsking(actor, verb);
  const row = await tx.draft.findUnique({ where: { id: readClaimedDraft(claimed) } });
  if (!row) throw refuse('draft.not-found', {});
  const { project, role } = await standingIn(tx, actor, row.projectName);
  noteSubject({ actor, project: project.name, draft: readDraftId(row.id), isOutsider: !seesDrafts(role) });
  if (!seesDrafts(role)) throw refuse('draft.not-found', {});
  return { row, role, name: requireMay(actor, role, verb, project.name) };
}

async function findByLink(tx: Transaction, link: LinkActor, verb: Verb, claimed: string): Promise<FoundDraft> {
  if (claimed !== link.draft) throw refuse('draft.not-found', {});
  const { row, role } = await requireLiveLink(tx, link.id, runtime().clock.now());
  return { row, role, name: requireMay(link, role, verb, readProjectName(row.projectName)) };
}

/**
 * The same with the row locked until the end of the transaction. What was read before the lock holds under it: had somebody changed it meanwhile,
 * the transaction would end in a conflict (PostgreSQL, serialisable) and begin again, and the embedded database has one transaction at a time.
 */
export async function lockDraft(tx: Transaction, actor: Actor, verb: Verb, claimed: string): Promise<FoundDraft> {
  const found = await findDraft(tx, actor, verb, claimed);
  await lockRow(tx, 'Draft', claimed);
  return found;
}
