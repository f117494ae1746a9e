// "Somebody wants to begin a new chain": to everybody of the policy in force, because it goes on without their signatures. Cannot be switched off.
import type { AccountName, ProjectName, Sha256 } from '#lib/core/ids.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type ChainProposedLetter = {
  project: ProjectName;
  version: number;
  proposedBy: AccountName;
  threshold: number;
  people: readonly AccountName[];
  sha256: Sha256;
};

export function chainProposedLetter(about: ChainProposedLetter): Letter {
  const { project, version, proposedBy } = about;
  return {
    event: 'chain.proposed',
    subject: `[${project}] ${proposedBy} wants to begin a new chain`,
    project,
    thread: `policy-${project}-${version}`,
    parts: [
      {
        paragraph: `Too few keys are left to change the policy of ${project} by its own rules, so ${proposedBy} proposes policy ${version} as the beginning of a new chain. Only the owners whom it names sign it.`,
      },
      {
        facts: [
          ['Signatures a release would need', String(about.threshold)],
          ['People', about.people.join(', ')],
          ['Its SHA-256', about.sha256],
        ],
      },
      {
        paragraph:
          'Everybody who installs from this index for the first time afterwards trusts these people; whoever pinned the old policy is asked. If you know nothing of it, or do not agree, withdraw it on its page.',
      },
      { link: linkTo(`/projects/${project}/policy/${version}`), says: 'Look at it' },
    ],
    reason: `you are one of the people of ${project}`,
  };
}
