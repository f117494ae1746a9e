// Invites an address to a project. The link shows the invitation; accepting needs signing in, a key and a button.
import type { AccountName, ProjectName } from '#lib/core/ids.ts';
import { linkTo, renderMoment } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type InvitationLetter = {
  project: ProjectName;
  invitedBy: AccountName;
  role: 'owner' | 'maintainer';
  token: string;
  expiresAt: Date;
};

export function invitationLetter(about: InvitationLetter): Letter {
  const role = about.role === 'owner' ? 'an owner' : 'a maintainer';
  return {
    event: 'invitation',
    subject: `[${about.project}] ${about.invitedBy} invites you to co-sign releases`,
    project: about.project,
    parts: [
      { paragraph: `${about.invitedBy} invites you to become ${role} of ${about.project}.` },
      {
        paragraph:
          'Maintainers sign each release with their own OpenPGP key before the world can install it. You need a key; the page shows how to register one.',
      },
      { link: linkTo(`/invitations/${about.token}`), says: 'Look at the invitation' },
      { paragraph: `The invitation is open until ${renderMoment(about.expiresAt)}. You may ignore it.` },
    ],
    reason: `${about.invitedBy} gave your address when inviting you to ${about.project}`,
  };
}
