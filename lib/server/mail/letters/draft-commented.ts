// Somebody wrote something about a draft: the other people of the project read it in the mail, as a quotation.
import type { AccountName, DraftId, ProjectName, Version } from '#lib/core/ids.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import { linkTo } from '#lib/server/mail/link.ts';

export type DraftCommentedLetter = {
  project: ProjectName;
  version: Version;
  draft: DraftId;
  /** The one that was looked at, and the newest. */
  revision: number;
  newest: number;
  by: AccountName;
  /** Hostile text of several lines. */
  text: string;
};

export function draftCommentedLetter(about: DraftCommentedLetter): Letter {
  const { project, version, draft, revision, newest, by, text } = about;
  const since = revision === newest ? '' : `, and it is revision ${newest} now`;
  return {
    event: 'draft.commented',
    subject: `[${project}] ${version}: ${by} commented`,
    project,
    thread: `draft-${draft}`,
    parts: [
      { paragraph: `${by} wrote about revision ${revision} of ${project} ${version}${since}:` },
      { quote: text },
      { link: linkTo(`/drafts/${draft}#comments`), says: 'See the draft and answer' },
    ],
    reason: `you are a maintainer of ${project}`,
  };
}
