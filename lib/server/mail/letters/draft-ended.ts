// A draft ended without a release: withdrawn by somebody, or its deadline passed.
import type { AccountName, DraftId, ProjectName, Version } from '#lib/core/ids.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type DraftEndedLetter = {
  project: ProjectName;
  version: Version;
  draft: DraftId;
  /** `reason`: hostile text. */
  end: { by: AccountName; reason: string } | 'deadline';
  signedBy: readonly AccountName[];
  required: number;
};

export function draftEndedLetter(about: DraftEndedLetter): Letter {
  const expired = about.end === 'deadline';
  const count = `${about.signedBy.length} of ${about.required} signed`;
  const how =
    about.end === 'deadline' ? `reached its deadline with ${count}` : `was withdrawn by ${about.end.by} (${count})`;
  return {
    event: expired ? 'draft.expired' : 'draft.withdrawn',
    subject: `[${about.project}] ${about.version} ${expired ? 'expired' : 'was withdrawn'}`,
    project: about.project,
    thread: `draft-${about.draft}`,
    parts: [
      {
        paragraph: `The draft of ${about.project} ${about.version} ${how}. Nothing was published; the version can be opened again, and signatures of this draft count nowhere else.`,
      },
      ...(about.end === 'deadline'
        ? []
        : [{ paragraph: `The reason that ${about.end.by} gave: “${about.end.reason}”` }]),
      { link: linkTo(`/drafts/${about.draft}`), says: 'See the draft' },
    ],
    reason: `you are a maintainer of ${about.project}`,
  };
}
