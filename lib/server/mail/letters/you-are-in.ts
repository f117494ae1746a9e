// A policy in force names somebody for the first time: from now on their signature counts.
import type { ProjectName } from '#lib/core/ids.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type YouAreInLetter = { project: ProjectName; role: 'owner' | 'maintainer'; policy: number; threshold: number };

export function youAreInLetter(about: YouAreInLetter): Letter {
  const role = about.role === 'owner' ? 'an owner' : 'a maintainer';
  const needed = about.threshold === 1 ? 'one signature' : `signatures of ${about.threshold} people`;
  return {
    event: 'policy.in-force',
    subject: `[${about.project}] you are ${role} now`,
    project: about.project,
    parts: [
      {
        paragraph: `Policy ${about.policy} of ${about.project} is in force and names you: your signature counts. A release needs ${needed}.`,
      },
      { link: linkTo(`/projects/${about.project}`), says: `See ${about.project}` },
    ],
    reason: `you are ${role} of ${about.project}`,
  };
}
