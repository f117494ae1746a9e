// What a person's part in a project has left behind when a policy no longer names them. Rights need no ending: they are asked of the rows of the
// policy in force at every request. Invitations do: those on the way to them, and those that only they stand for, must let nobody in. So do
// their personal links: they stay shut even when somebody comes back.
import type { AccountName } from '#lib/core/ids.ts';
import type { Policy } from '#lib/core/policy.ts';
import type { Change } from '#lib/server/change.ts';
import { endLinksOf } from './personal-link.ts';

/** Whose part `next` ends: named before and no longer, or struck now after they had left. */
export function leaversOf(before: Policy | null, next: Policy): AccountName[] {
  const still = next.people.map((person) => person.name);
  const struck = next.struck.slice(before?.struck.length ?? 0);
  const names = [...(before?.people ?? []), ...struck].map((person) => person.name);
  return [...new Set(names)].filter((name) => !still.includes(name));
}

/**
 * Ends the personal links of people who left, revokes the invitations to them and those they sent, and takes back what they confirmed of others. Whoever a remaining owner invited
 * stays invited, and is confirmed anew; whoever a remaining owner confirmed stays confirmed.
 */
export async function endInvitationsOf(work: Change, project: Policy['project'], gone: AccountName[]): Promise<void> {
  if (gone.length === 0) return;
  await endLinksOf(work, project, gone);
  const { tx, now } = work;
  const open = { projectName: project, admittedAt: null, revokedAt: null };
  await tx.invitation.updateMany({
    where: { ...open, confirmedBy: { in: gone } },
    data: { confirmedAt: null, confirmedBy: null },
  });
  const addresses = await tx.address.findMany({ where: { personName: { in: gone } }, select: { address: true } });
  const theirs = [{ acceptedBy: { in: gone } }, { address: { in: addresses.map(({ address }) => address) } }];
  const sent = { invitedBy: { in: gone }, confirmedBy: null };
  const rows = await tx.invitation.findMany({ where: { ...open, OR: [...theirs, sent] }, orderBy: { id: 'asc' } });
  for (const { id } of rows) {
    await tx.invitation.updateMany({ where: { ...open, id }, data: { revokedAt: now, openSlot: null } });
    await work.record('invitation.revoked', { project, details: { invitation: id, because: 'left' } });
  }
}
