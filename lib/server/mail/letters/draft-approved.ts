// Enough people have signed a draft and nothing holds it back: the countersigner may publish it now. Goes to everybody of the project.
import type { AccountName, DraftId, ProjectName, Version } from '#lib/core/ids.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type DraftApprovedLetter = {
  project: ProjectName;
  version: Version;
  draft: DraftId;
  revision: number;
  signedBy: readonly AccountName[];
  required: number;
};

export function draftApprovedLetter(about: DraftApprovedLetter): Letter {
  const { project, version, draft, revision, signedBy, required } = about;
  return {
    event: 'draft.approved',
    subject: `[${project}] ${version} has its signatures (${signedBy.length} of ${required})`,
    project,
    thread: `draft-${draft}`,
    parts: [
      {
        paragraph: `Revision ${revision} of ${project} ${version} is approved. The countersigner checks everything once more and then puts it into the index.`,
      },
      { facts: [['Signed by', `${signedBy.join(', ')}: ${signedBy.length} of ${required}`]] },
      {
        paragraph:
          'If something is wrong with it, decline or withdraw it at once: what is countersigned cannot be taken back, only yanked.',
      },
      { link: linkTo(`/drafts/${draft}`), says: 'See the draft' },
    ],
    reason: `you are a maintainer of ${project}`,
  };
}
