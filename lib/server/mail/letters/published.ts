// A release was countersigned and stands in the index. Goes to everybody concerned, so that nobody's name is used unseen. It names the record by
// its number, its entry of the log and its address, and the command that checks all of it without trusting this mail or this site.
import type { AccountName, DraftId, FileName, ProjectName, Sha256, Version } from '#lib/core/ids.ts';
import { bundleAddress } from '#lib/evidence/bundle-places.ts';
import { recordPath } from '#lib/simple/page.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter, MailPart } from '#lib/server/mail/compose.ts';

export type PublishedLetter = {
  project: ProjectName;
  version: Version;
  draft: DraftId;
  /** The number of its countersigned record. */
  serial: number;
  /** Which entry of the log that record is; null: the hand-back had no log. */
  logIndex: number | null;
  statementSha256: Sha256;
  files: readonly { name: FileName; size: number; sha256: Sha256 }[];
  signedBy: readonly AccountName[];
};

export function publishedLetter(about: PublishedLetter): Letter {
  const { project, version, draft } = about;
  return {
    event: 'release.published',
    subject: `[${project}] ${version} is published`,
    project,
    thread: `draft-${draft}`,
    parts: [
      { paragraph: `Release ${version} of ${project} is countersigned and can be installed.` },
      ...evidenceParts(about),
      { command: `pip install --index-url ${linkTo('/simple/')} ${project}==${version}`, says: 'To install it:' },
      { link: linkTo(`/drafts/${draft}`), says: 'See the release and its evidence' },
    ],
    reason: `you are a maintainer of ${project}, or signed this release`,
  };
}

/** Who signed what, where the record is, its files, and the command that checks them. */
export function evidenceParts(about: PublishedLetter): MailPart[] {
  const { project, version, serial, logIndex, statementSha256, files, signedBy } = about;
  return [
    {
      facts: [
        ['Signed by', signedBy.join(', ')],
        ['Statement SHA-256', statementSha256],
        ['Record', `number ${serial} of this release`],
        ...(logIndex === null ? [] : [['Log', `entry ${logIndex}`] as const]),
        ['Evidence', linkTo(`/${recordPath(project, version, serial)}`)],
        ['In one file', linkTo(bundleAddress(project, version))],
      ],
    },
    { files },
    {
      command: `countersign verify '${project}==${version}' --index ${linkTo('')}`,
      says: 'To check it from the evidence alone:',
    },
  ];
}
