// Invites one mail address to a project. The secret of the link stands only in the mail; its hash is in the row. An invitation
// gives no right: whoever accepts is named by a policy that those who must sign.
import { randomUUID } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { requireFresh, requirePerson, type Actor } from '#lib/core/people.ts';
import { after } from '#lib/server/clock.ts';
import { change, type Change } from '#lib/server/change.ts';
import { orTaken } from '#lib/server/db/faults.ts';
import { invitationSlot } from '#lib/server/judge/invitation.ts';
import { limits } from '#lib/server/limits.ts';
import { readMailAddress, type MailAddress } from '#lib/server/mail/address.ts';
import { invitationLetter } from '#lib/server/mail/letters/invitation.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { hashToken, makeToken } from '#lib/server/secrets.ts';

export type InvitePersonInput = { project: string; address: string; role: 'owner' | 'maintainer' };

/** @throws `person.…`, `session.not-fresh`, `request.too-many`, `project.not-found`, `address.not-one-mailbox`, `input.not-a`, `invitation.already-in`, `invitation.already-open` */
export async function invitePerson(
  actor: Actor,
  input: InvitePersonInput,
): Promise<{ invitation: string; expiresAt: Date }> {
  await requireRate('invitation-mail-by-person', requirePerson(actor));
  return change(actor, 'web', async (work) => {
    const { tx, now } = work;
    const { project, name } = await requireRight(tx, actor, 'person.invite', input.project);
    requireFresh(actor, now.getTime());
    const address = readMailAddress(input.address);
    if (input.role !== 'owner' && input.role !== 'maintainer')
      throw refuse('input.not-a', { what: 'a role', claimed: String(input.role) });
    await requireNotIn(work, project.name, address);
    const token = makeToken();
    const row = {
      ...{ id: randomUUID(), projectName: project.name, address, role: input.role, tokenHash: hashToken(token) },
      ...{
        invitedBy: name,
        createdAt: now,
        expiresAt: after(now, limits.invitationMs),
        openSlot: invitationSlot(project.name, address),
      },
    };
    await orTaken(tx.invitation.create({ data: row }), () => refuse('invitation.already-open', { address }));
    await work.record('person.invited', { project: project.name, details: { role: input.role, invitation: row.id } });
    const letter = { project: project.name, role: input.role, invitedBy: name, token, expiresAt: row.expiresAt };
    await work.mail({ address }, invitationLetter(letter));
    return { invitation: row.id, expiresAt: row.expiresAt };
  });
}

/** Refuses an address whose person is in, or on the way in. An expired invitation gives its place free. */
async function requireNotIn({ tx, now }: Change, project: string, address: MailAddress): Promise<void> {
  await tx.invitation.updateMany({
    where: { openSlot: invitationSlot(project, address), expiresAt: { lte: now } },
    data: { openSlot: null },
  });
  const accepted = { projectName: project, address, acceptedAt: { not: null }, admittedAt: null, revokedAt: null };
  if ((await tx.invitation.count({ where: accepted })) > 0) throw refuse('invitation.already-open', { address });
  const known = await tx.address.findUnique({ where: { address } });
  const membership =
    known && (await tx.membership.findFirst({ where: { projectName: project, personName: known.personName } }));
  if (membership) throw refuse('invitation.already-in', { name: membership.personName });
}
