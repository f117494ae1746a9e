// A proposed policy ended without coming into force: withdrawn by somebody, or its deadline passed.
import type { AccountName, ProjectName } from '#lib/core/ids.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type PolicyEndedLetter = {
  project: ProjectName;
  version: number;
  end: { by: AccountName } | 'deadline';
  signedBy: readonly AccountName[];
};

export function policyEndedLetter({ project, version, end, signedBy }: PolicyEndedLetter): Letter {
  const how = end === 'deadline' ? 'expired' : `was withdrawn by ${end.by}`;
  const signed = signedBy.length === 0 ? 'Nobody had signed it.' : `${signedBy.join(' and ')} had signed it.`;
  return {
    event: end === 'deadline' ? 'policy.expired' : 'policy.withdrawn',
    subject: `[${project}] the proposal of policy ${version} ${how}`,
    project,
    thread: `policy-${project}-${version}`,
    parts: [
      {
        paragraph: `The proposal of policy ${version} of ${project} ${how}. ${signed} The rules stay as they are, and those signatures count for nothing else.`,
      },
      { link: linkTo(`/projects/${project}/policy`), says: 'See the rules' },
    ],
    reason: `your signature can count for policies of ${project}`,
  };
}
