// An owner confirms that the key with which somebody accepted an invitation is that person's: by pasting what they got elsewhere (the
// machine compares), or because the words of the fingerprint were read to them. Only a confirmed key is named by a policy, and history
// keeps who confirmed whom. The key that the page showed comes along: another one than the accepted is refused.
import type { Comparison } from '#lib/core/fingerprint.ts';
import { refuse } from '#lib/core/errors.ts';
import { readAccountName, readFingerprint, type AccountName, type Fingerprint } from '#lib/core/ids.ts';
import { requireFresh, requirePerson, type Actor } from '#lib/core/people.ts';
import { change, keepingRefusals, requireHit } from '#lib/server/change.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { requireRight, standingIn } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';
import { comparePasted } from '#lib/words/compare-pasted.ts';

export type ConfirmInvitedInput = {
  invitation: string;
  /** The fingerprint that the page showed. */
  key: string;
  /** What the owner got from the person elsewhere: digits or words. null: the words were read to them, and were the same. */
  pasted: string | null;
};

/** @throws `person.…`, `session.not-fresh`, `invitation.not-found`, `invitation.key-differs` (recorded), `fingerprint.…` */
export async function confirmInvited(actor: Actor, input: ConfirmInvitedInput): Promise<{ name: AccountName }> {
  requirePerson(actor);
  const { project, name, key } = await findAccepted(runtime().db, actor, input.invitation);
  requireFresh(actor, runtime().clock.now().getTime());
  const differs = differencesTo(key, input);
  const about = { kind: 'person.confirm-refused', project, person: name } as const;
  return keepingRefusals(actor, 'web', about, async () => {
    if (differs) throw refuse('invitation.key-differs', { name, groups: differs });
    return change(actor, 'web', async (work) => {
      const { id } = await findAccepted(work.tx, actor, input.invitation);
      const confirmedBy = requireFresh(actor, work.now.getTime());
      const written = await work.tx.invitation.updateMany({
        where: { id, acceptedBy: name, key, admittedAt: null, revokedAt: null },
        data: { confirmedAt: work.now, confirmedBy },
      });
      requireHit(written, () => refuse('invitation.not-found', {}));
      const details = { invitation: id, key, how: input.pasted === null ? 'words' : 'pasted' };
      await work.record('person.confirmed', { project, person: name, details });
      return { name };
    });
  });
}

/** null: the same. Else the groups of four, counted from 1, that differ (none: a fingerprint of another length). */
function differencesTo(key: Fingerprint, { key: shown, pasted }: ConfirmInvitedInput): number[] | null {
  const comparisons = [comparePasted(key, shown), ...(pasted === null ? [] : [comparePasted(key, pasted)])];
  const different = comparisons.find((comparison) => comparison.kind !== 'match');
  return different ? groupsOf(different) : null;
}

const groupsOf = (comparison: Comparison): number[] =>
  comparison.kind === 'differs' ? comparison.groups.flatMap((group, at) => (group.same ? [] : [at + 1])) : [];

/** An accepted invitation of a project whose people the actor may confirm; to a stranger it is not there. */
async function findAccepted(tx: Transaction, actor: Actor, id: string) {
  const where = { id, acceptedAt: { not: null }, admittedAt: null, revokedAt: null };
  const row = await tx.invitation.findFirst({ where });
  if (!row || (await standingIn(tx, actor, row.projectName)).role === 'none') throw refuse('invitation.not-found', {});
  const { project } = await requireRight(tx, actor, 'person.confirm', row.projectName);
  return {
    ...{ id: row.id, project: project.name },
    name: readAccountName(row.acceptedBy),
    key: readFingerprint(row.key),
  };
}
