// Somebody declined a draft: everybody else hears it with the reason, since nothing is published while that stands.
import type { AccountName, DraftId, ProjectName, Version } from '#lib/core/ids.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type DraftDeclinedLetter = {
  project: ProjectName;
  version: Version;
  draft: DraftId;
  revision: number;
  by: AccountName;
  /** Hostile text. */
  reason: string;
};

export function draftDeclinedLetter(about: DraftDeclinedLetter): Letter {
  const { project, version, draft, revision, by, reason } = about;
  return {
    event: 'draft.declined',
    subject: `[${project}] ${version} was declined by ${by}`,
    project,
    thread: `draft-${draft}`,
    parts: [
      { paragraph: `${by} declined revision ${revision} of ${project} ${version}:` },
      { paragraph: `“${reason}”` },
      {
        paragraph: `Nothing is published while that stands, however many people sign. ${by} or an owner can lift it; signatures stay as they are.`,
      },
      { link: linkTo(`/drafts/${draft}`), says: 'See the draft' },
    ],
    reason: `you are a maintainer of ${project}`,
  };
}
