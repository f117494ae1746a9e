// Somebody accepted: whoever invited them can now propose the policy that names them.
import type { AccountName, Fingerprint, ProjectName } from '#lib/core/ids.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type InvitationAcceptedLetter = {
  project: ProjectName;
  role: string;
  acceptedBy: AccountName;
  key: Fingerprint;
};

export function invitationAcceptedLetter(about: InvitationAcceptedLetter): Letter {
  return {
    event: 'invitation.accepted',
    subject: `[${about.project}] ${about.acceptedBy} accepted your invitation`,
    project: about.project,
    parts: [
      {
        paragraph: `${about.acceptedBy} accepted the invitation to ${about.project} (${about.role}) and will sign with this key:`,
      },
      { facts: [['Fingerprint', about.key]] },
      {
        paragraph:
          'Compare it with one that you got from them another way. Their signature counts as soon as a policy names them.',
      },
      { link: linkTo(`/projects/${about.project}/people`), says: 'Propose the policy' },
    ],
    reason: `you sent the invitation to ${about.project}`,
  };
}
