// "Please sign policy N": a change of who may sign, and how many must. It carries the digest of the document.
import type { AccountName, ProjectName, Sha256 } from '#lib/core/ids.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type PolicyOpenedLetter = {
  project: ProjectName;
  version: number;
  proposedBy: AccountName;
  threshold: number;
  people: readonly AccountName[];
  document: { sha256: Sha256; size: number };
  /** What would differ from the policy in force, one line each. Reasons in it are hostile text. */
  changes: readonly string[];
};

export function policyOpenedLetter(about: PolicyOpenedLetter): Letter {
  return {
    event: 'policy.opened',
    subject: `[${about.project}] policy ${about.version} needs your signature`,
    project: about.project,
    thread: `policy-${about.project}-${about.version}`,
    parts: [
      {
        paragraph: `${about.proposedBy} proposes policy ${about.version} of ${about.project}: who may sign its releases, and how many must.`,
      },
      {
        facts: [
          ['Signatures a release needs', String(about.threshold)],
          ['People', about.people.join(', ')],
          ['You would sign', `policy ${about.version}, ${about.document.size} bytes`],
          ['Its SHA-256', about.document.sha256],
        ],
      },
      { list: about.changes, says: 'What it would change' },
      { link: linkTo(`/projects/${about.project}/policy/${about.version}`), says: 'Look at it and sign' },
      { paragraph: 'Nothing changes until enough people have signed. The link cannot sign for you.' },
    ],
    reason: `your signature can count for policies of ${about.project}`,
  };
}
