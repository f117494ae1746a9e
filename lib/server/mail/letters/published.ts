// A release was countersigned and stands in the index. Goes to everybody concerned, so that nobody's name is used unseen.
import type { AccountName, DraftId, FileName, ProjectName, Sha256, Version } from '#lib/core/ids.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type PublishedLetter = {
  project: ProjectName;
  version: Version;
  draft: DraftId;
  statementSha256: Sha256;
  files: readonly { name: FileName; size: number; sha256: Sha256 }[];
  signedBy: readonly AccountName[];
};

export function publishedLetter(about: PublishedLetter): Letter {
  return {
    event: 'release.published',
    subject: `[${about.project}] ${about.version} is published`,
    project: about.project,
    thread: `draft-${about.draft}`,
    parts: [
      { paragraph: `Release ${about.version} of ${about.project} is countersigned and can be installed.` },
      {
        facts: [
          ['Signed by', about.signedBy.join(', ')],
          ['Statement SHA-256', about.statementSha256],
        ],
      },
      { files: about.files },
      {
        command: `pip install --index-url ${linkTo('/simple/')} ${about.project}==${about.version}`,
        says: 'To install it:',
      },
      { link: linkTo(`/drafts/${about.draft}`), says: 'See the release and its evidence' },
    ],
    reason: `you are a maintainer of ${about.project}`,
  };
}
