// A key was proven for an account: the person hears of it, and the owners of the projects in which they sign, because whoever stole a session
// would do just that. Cannot be switched off.
import type { AccountName, Fingerprint, ProjectName } from '#lib/core/ids.ts';
import { linkTo, renderMoment } from '#lib/server/mail/link.ts';
import type { Letter, MailPart } from '#lib/server/mail/compose.ts';

export type KeyAddedLetter = {
  person: AccountName;
  key: Fingerprint;
  at: Date;
  reader: AccountName;
  /** Projects that the reader owns and the person signs for. */
  projects: readonly ProjectName[];
};

export function keyAddedLetter(about: KeyAddedLetter): Letter {
  const { person, key, at, reader, projects } = about;
  const isOwn = reader === person;
  return {
    event: 'key.added',
    subject: isOwn ? `A key was added to your account ${person}` : `A key was added to the account of ${person}`,
    parts: [
      { paragraph: `The account ${person} has a new, proven key.` },
      {
        facts: [
          ['Fingerprint', key],
          ['Proven', renderMoment(at)],
        ],
      },
      {
        paragraph: isOwn
          ? 'It signs for no project until a policy names it. If it was not you who added it, somebody else is signed in as you: tell the owners of your projects at once.'
          : `It signs for no project until a policy names it, and ${person} keeps the others. Ask ${person} in another way than by mail whether it is theirs before you sign a policy that names it.`,
      },
      ...(isOwn ? [{ link: linkTo('/account/keys'), says: 'See your keys' }] : projects.map(peopleLink)),
    ],
    reason: isOwn
      ? `the account ${person} is yours; mail about keys cannot be switched off`
      : `you own a project for which ${person} signs; mail about keys cannot be switched off`,
  };
}

const peopleLink = (project: ProjectName): MailPart => ({
  link: linkTo(`/projects/${project}/people`),
  says: `People and keys of ${project}`,
});
