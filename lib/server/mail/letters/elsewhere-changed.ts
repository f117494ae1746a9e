// Somebody set, or took away, the other index to which releases of a project are uploaded: to every owner, because whoever stole a session could give
// the files and the project's name elsewhere to somebody else. The secret stands in no mail.
import type { AccountName, ProjectName } from '#lib/core/ids.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import { linkTo, renderMoment } from '#lib/server/mail/link.ts';

type About = { project: ProjectName; host: string; by: AccountName; at: Date; what: 'set' | 'removed' };

export function elsewhereChangedLetter({ project, host, by, at, what }: About): Letter {
  const says =
    what === 'set'
      ? `Releases of ${project} are from now on uploaded to ${host} as well, once they are countersigned and published here. Nothing is uploaded before.`
      : `Releases of ${project} are uploaded to ${host} no more. What is there stays there.`;
  return {
    event: 'elsewhere.changed',
    subject:
      what === 'set' ? `[${project}] releases also go to ${host}` : `[${project}] releases go to ${host} no more`,
    project,
    parts: [
      { paragraph: says },
      {
        facts: [
          ['By', by],
          ['At', renderMoment(at)],
        ],
      },
      { paragraph: 'If that was not meant, take it back on the page, and ask whoever did it.' },
      { link: linkTo(`/projects/${project}/elsewhere`), says: 'See where releases go' },
    ],
    reason: `you own ${project}; mail about where its releases go cannot be switched off`,
  };
}
