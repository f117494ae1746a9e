// Accepts an invitation: bound to its address and to the account that has that address, single use. The person chooses the key
// with which they will sign; a policy that names person and key does the rest.
import { refuse } from '#lib/core/errors.ts';
import { readAccountName, readProjectName, type AccountName, type ProjectName } from '#lib/core/ids.ts';
import { requireOwn, type Actor } from '#lib/core/people.ts';
import { change, requireHit, viaOf, type Change } from '#lib/server/change.ts';
import { findOpenInvitation, struckKeys } from '#lib/server/judge/invitation.ts';
import { requireActiveKey } from '#lib/server/judge/own-key.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { invitationAcceptedLetter } from '#lib/server/mail/letters/invitation-accepted.ts';

export type AcceptInvitationInput = { token: string; /** One of the actor's own active keys. */ key: string };

/** @throws `person.sign-in-first`, `invitation.not-found`, `…other-account`, `…already-in`, `…key-struck`, `key.not-found`, `key.not-active` */
export async function acceptInvitation(actor: Actor, input: AcceptInvitationInput): Promise<{ project: ProjectName }> {
  const name = requireOwn(actor, 'account');
  return change(actor, viaOf(actor), async (work) => {
    const { tx, now } = work;
    const row = await findOpenInvitation(tx, input.token, now);
    if (!row) throw refuse('invitation.not-found', {});
    const project = readProjectName(row.projectName);
    await requireOwnAddress(work, name, row.address);
    await requireNotIn(work, name, project);
    const { fingerprint } = await requireActiveKey(tx, name, input.key, now);
    if ((await struckKeys(tx, project)).includes(fingerprint))
      throw refuse('invitation.key-struck', { key: fingerprint, project });
    const written = await tx.invitation.updateMany({
      where: { id: row.id, acceptedAt: null, revokedAt: null },
      data: { acceptedAt: now, acceptedBy: name, key: fingerprint, openSlot: null },
    });
    requireHit(written, () => refuse('invitation.not-found', {}));
    await work.record('invitation.accepted', {
      project,
      person: name,
      details: { invitation: row.id, key: fingerprint },
    });
    const inviter = readAccountName(row.invitedBy);
    await tellPeople(work, [inviter], () =>
      invitationAcceptedLetter({ project, role: row.role, acceptedBy: name, key: fingerprint }),
    );
    return { project };
  });
}

async function requireOwnAddress({ tx }: Change, name: AccountName, address: string): Promise<void> {
  const known = await tx.address.findUnique({ where: { address } });
  if (known?.personName !== name) throw refuse('invitation.other-account', { address });
}

/** Refuses somebody whom the project names, or who has accepted another invitation to it. */
async function requireNotIn({ tx }: Change, name: AccountName, project: ProjectName): Promise<void> {
  const membership = await tx.membership.count({ where: { projectName: project, personName: name } });
  const accepted = await tx.invitation.count({
    where: { projectName: project, acceptedBy: name, admittedAt: null, revokedAt: null },
  });
  if (membership + accepted > 0) throw refuse('invitation.already-in', { name });
}
