// A policy in force names somebody for the first time, or in another role: from now on their signature counts as that role's.
import type { ProjectName } from '#lib/core/ids.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

type PolicyRole = 'owner' | 'maintainer';

export type YouAreInLetter = {
  project: ProjectName;
  role: PolicyRole;
  /** In the policy before; null: not named there. */
  before: PolicyRole | null;
  policy: number;
  threshold: number;
};

const named = (role: PolicyRole): string => (role === 'owner' ? 'an owner' : 'a maintainer');
const does = {
  owner: 'Owners propose and sign policies, invite people, and withdraw or yank releases; they sign releases too.',
  maintainer: 'Maintainers open and sign releases; the rules are for the owners.',
} as const;

export function youAreInLetter({ project, role, before, policy, threshold }: YouAreInLetter): Letter {
  const needed = threshold === 1 ? 'one signature' : `signatures of ${threshold} people`;
  const change =
    before === null
      ? 'names you: your signature counts.'
      : `makes you ${named(role)}; before, you were ${named(before)}.`;
  return {
    event: before === null ? 'policy.in-force' : 'role.changed',
    subject: `[${project}] you are ${named(role)} now`,
    project,
    thread: `policy-${project}-${policy}`,
    parts: [
      { paragraph: `Policy ${policy} of ${project} is in force and ${change} A release needs ${needed}.` },
      { paragraph: does[role] },
      { link: linkTo(`/projects/${project}/policy/${policy}`), says: 'See what changed' },
    ],
    reason: `you are ${named(role)} of ${project}; mail about policies cannot be switched off`,
  };
}
