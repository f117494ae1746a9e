// Somebody accepted: whoever invited them compares the key with what they got from the person elsewhere, and confirms it.
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
          'Ask them for it in another way than by this mail, compare the two on the page, and confirm it. Only then can a policy name them; their signature counts as soon as it is in force.',
      },
      { link: linkTo(`/projects/${about.project}/people/${about.key}`), says: 'Compare and confirm the key' },
    ],
    reason: `you sent the invitation to ${about.project}`,
  };
}
