// A policy came into force: everybody whom it or the one before names hears of it, so that no rule changes unseen.
import type { AccountName, Sha256 } from '#lib/core/ids.ts';
import type { Policy } from '#lib/core/policy.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type PolicyInForceLetter = {
  policy: Policy;
  sha256: Sha256;
  signers: readonly AccountName[];
  /** What differs from the policy before, one line each. Reasons in it are hostile text. */
  changes: readonly string[];
};

export function policyInForceLetter({ policy, sha256, signers, changes }: PolicyInForceLetter): Letter {
  const { project, version, threshold, people } = policy;
  return {
    event: 'policy.in-force',
    subject: `[${project}] policy ${version} is in force`,
    project,
    thread: `policy-${project}-${version}`,
    parts: [
      { paragraph: `Policy ${version} of ${project} is signed and in force.` },
      {
        facts: [
          ['Signatures a release needs', String(threshold)],
          ['People', people.map((person) => `${person.name} (${person.role})`).join(', ')],
          ['Signed by', signers.join(', ')],
          ['Its SHA-256', sha256],
        ],
      },
      { list: changes, says: version === 1 ? 'What it says' : `What it changes against policy ${version - 1}` },
      { link: linkTo(`/projects/${project}/policy/${version}`), says: 'See what changed' },
    ],
    reason: `you are or were one of the people of ${project}; mail about policies cannot be switched off`,
  };
}
