// "Your signature no longer counts": the files changed after somebody signed. Says what changed and what they would sign now.
import type { AccountName } from '#lib/core/ids.ts';
import { renderMoment } from '#lib/server/mail/link.ts';
import type { AskedRevision } from '#lib/server/judge/asked-revision.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import { findingParts } from './findings.ts';
import { sinceParts } from './since-release.ts';
import { waysToSignParts, type WaysToSign } from './ways-to-sign.ts';

export type DraftRevisedLetter = AskedRevision & {
  changedBy: AccountName;
  /** "added …", "replaced …", "removed …". */
  changes: readonly string[];
  /** Of the one person who gets it. */
  ways: WaysToSign;
};

export function draftRevisedLetter(about: DraftRevisedLetter): Letter {
  return {
    event: 'draft.revised',
    subject: `[${about.project}] ${about.version} changed after you signed`,
    project: about.project,
    thread: `draft-${about.draft}`,
    parts: [
      {
        paragraph: `${about.changedBy} changed the files of release ${about.version}: ${about.changes.join('; ')}. It is revision ${about.revision} now, and your signature over the statement before it no longer counts.`,
      },
      {
        facts: [
          ['You would sign', `SHA256SUMS, ${about.statement.size} bytes`],
          ['Its SHA-256', about.statement.sha256],
          ['Expires', renderMoment(about.deadline)],
        ],
      },
      { files: about.files },
      ...findingParts(about.findings),
      ...sinceParts(about.since),
      ...waysToSignParts(about.ways, 'Look at it and sign again'),
    ],
    reason: `you signed an earlier revision of this release of ${about.project}`,
  };
}
