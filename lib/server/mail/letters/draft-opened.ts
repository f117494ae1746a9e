// "Needs your signature": everything to compare before signing. What they would sign (its digest), each file with its
// size and digest, who asks, who signed, until when, and the ways to sign, with and without a browser.
import type { AccountName } from '#lib/core/ids.ts';
import { renderMoment } from '#lib/server/mail/link.ts';
import type { AskedRevision } from '#lib/server/judge/asked-revision.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import { findingParts } from './findings.ts';
import { sinceParts } from './since-release.ts';
import { waysToSignParts, type WaysToSign } from './ways-to-sign.ts';

export type DraftOpenedLetter = AskedRevision & {
  openedBy: AccountName;
  signedSoFar: readonly AccountName[];
  required: number;
  /** Of the one person who gets it. */
  ways: WaysToSign;
};

export function draftOpenedLetter(about: DraftOpenedLetter): Letter {
  const count = `${about.signedSoFar.length} of ${about.required}`;
  const names = about.signedSoFar.length > 0 ? `${about.signedSoFar.join(', ')}, ${count}` : `nobody, ${count}`;
  return {
    event: 'draft.opened',
    subject: `[${about.project}] ${about.version} needs your signature (${count})`,
    project: about.project,
    thread: `draft-${about.draft}`,
    parts: [
      {
        paragraph: `${about.openedBy} opened release ${about.version} of ${about.project} and asks you to sign revision ${about.revision}.`,
      },
      {
        facts: [
          ['You would sign', `SHA256SUMS, ${about.statement.size} bytes`],
          ['Its SHA-256', about.statement.sha256],
          ['Signed so far', names],
          ['Expires', renderMoment(about.deadline)],
        ],
      },
      { files: about.files },
      ...findingParts(about.findings),
      ...sinceParts(about.since),
      ...waysToSignParts(about.ways, 'Look at it and sign'),
    ],
    reason: `you are a maintainer of ${about.project}`,
  };
}
