// "The founders have signed a new chain": to everybody of the old policy and of the new one. Whoever finds it wrong can still withdraw it.
import type { ProjectName, Sha256 } from '#lib/core/ids.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export function chainWaitsLetter(about: { project: ProjectName; version: number; sha256: Sha256 }): Letter {
  const { project, version, sha256 } = about;
  return {
    event: 'chain.waits',
    subject: `[${project}] a new chain with policy ${version} waits for confirmation`,
    project,
    thread: `policy-${project}-${version}`,
    parts: [
      {
        paragraph: `The founders of a new chain of ${project} have signed policy ${version}. It was not signed by the people of the policy before it, because too few of their keys are left.`,
      },
      { facts: [['Its SHA-256', sha256]] },
      {
        paragraph:
          'It comes into force when whoever keeps the countersigner has confirmed this digest there. Until then the old policy stays. If you know nothing of it, or do not agree, withdraw it on its page.',
      },
      { link: linkTo(`/projects/${project}/policy/${version}`), says: 'Look at it' },
    ],
    reason: `you are one of the people of ${project}`,
  };
}
