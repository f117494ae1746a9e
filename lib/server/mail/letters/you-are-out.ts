// A policy in force no longer names somebody: from now on nothing new of theirs counts. It says which of the two it is, and for a strike why.
import type { AccountName, ProjectName } from '#lib/core/ids.ts';
import type { Struck } from '#lib/core/policy.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import { linkTo } from '#lib/server/mail/link.ts';

export type YouAreOutLetter = {
  project: ProjectName;
  policy: number;
  signers: readonly AccountName[];
  /** The newest strike of the reader; null: retired. */
  struck: Struck | null;
};

export function youAreOutLetter({ project, policy, signers, struck }: YouAreOutLetter): Letter {
  return {
    event: 'policy.in-force',
    subject: `[${project}] you no longer sign for it`,
    project,
    thread: `policy-${project}-${policy}`,
    parts: [
      {
        paragraph: `Policy ${policy} of ${project} is in force and no longer names you, signed by ${signers.join(', ')}.`,
      },
      { paragraph: struck === null ? kept : sayStrike(struck) },
      { paragraph: 'Your account and your keys stay as they are, in other projects too.' },
      { link: linkTo(`/projects/${project}/policy/${policy}`), says: 'See what changed' },
    ],
    reason: `you were one of the people of ${project}; mail about policies cannot be switched off`,
  };
}

const kept =
  'What you signed keeps counting in what is published. Drafts that are open lose your signature, and nothing new by your keys counts.';

function sayStrike({ since, reason }: Struck): string {
  const from = since === null ? 'Nothing that you signed counts any more' : `Nothing received from ${since} on counts`;
  return `${from}, in any release of the project. The reason given: ${reason}`;
}
