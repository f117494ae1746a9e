// A token was made by which a program acts in somebody's name: the person hears of it, and the owners of a project where it uploads, because
// whoever stole a session would do just that. The token itself stands in no mail.
import type { AccountName, ProjectName } from '#lib/core/ids.ts';
import type { Scope } from '#lib/core/people.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import { linkTo, renderMoment } from '#lib/server/mail/link.ts';

export type MadeToken = {
  /** In whose name it acts. */
  person: AccountName;
  name: string;
  scopes: readonly Scope[];
  /** null: in all projects of the person. */
  project: ProjectName | null;
  expiresAt: Date;
};

/** What each scope lets a program do, behind "it can". */
export const scopeWords: Record<Scope, string> = {
  status: 'ask how drafts stand',
  queue: 'read what needs a signature',
  read: 'read projects, their releases, people, policies and history',
  sign: 'hand in signatures and decline',
  upload: 'open drafts and add files',
  manage: 'withdraw drafts, remind, lift declines, take back signatures, set deadlines',
  account: 'choose what mail comes, see keys, and end tokens and links',
};

type About = MadeToken & { of: 'person' | 'project'; reader: AccountName; at: Date };

export function tokenMadeLetter({ person, name, scopes, project, expiresAt, of, reader, at }: About): Letter {
  const isOwn = reader === person;
  const whose = isOwn ? 'your' : `${person}’s`;
  const page = of === 'person' ? '/account/tokens' : `/projects/${project ?? ''}/programs`;
  return {
    event: 'token.made',
    subject: `A token was made that acts as ${isOwn ? 'you' : person}`,
    parts: [
      {
        paragraph: `A program that shows this token acts in ${whose} name. It cannot sign: that takes a key. It cannot publish either.`,
      },
      {
        facts: [
          ['For', name],
          ['It can', scopes.map((scope) => scopeWords[scope]).join(', ')],
          ['In', project ?? 'all projects'],
          ['Made', `${renderMoment(at)}, by ${person}`],
          ['Ends', renderMoment(expiresAt)],
        ],
      },
      {
        paragraph: `If ${isOwn ? 'you' : person} did not make it, revoke it: it is dead at once. Then tell the owners of your projects.`,
      },
      { link: linkTo(page), says: 'See the tokens' },
    ],
    reason: isOwn
      ? `the account ${person} is yours; mail about what acts in its name cannot be switched off`
      : `you own ${project ?? 'the project'}; mail about what may add files there cannot be switched off`,
  };
}
