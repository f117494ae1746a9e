// Enough people have signed a draft whose policy asks for a waiting time: in it anyone of the people can still decline.
import { renderInstant, type AccountName, type DraftId, type ProjectName, type Version } from '#lib/core/ids.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type DraftWaitsLetter = {
  project: ProjectName;
  version: Version;
  draft: DraftId;
  signedBy: readonly AccountName[];
  until: Date;
};

export function draftWaitsLetter({ project, version, draft, signedBy, until }: DraftWaitsLetter): Letter {
  return {
    event: 'draft.waits',
    subject: `[${project}] ${version} has its signatures and waits`,
    project,
    thread: `draft-${draft}`,
    parts: [
      {
        paragraph: `${project} ${version} is signed by ${signedBy.join(' and ')}. By the policy of the project it is published no earlier than ${renderInstant(until.getTime())}.`,
      },
      { paragraph: 'If something is wrong with it, decline it before; then nothing is published.' },
      { link: linkTo(`/drafts/${draft}`), says: 'See the draft' },
    ],
    reason: `you are a maintainer of ${project}`,
  };
}
