// "Still needs your signature", and the one warning before a draft ends: what is missing, whose signature could complete it, and everything to
// compare before signing, as in the first mail. Whoever is only warned (they opened it, or declined it) is not asked to sign.
import type { AccountName, DraftId, FileName, ProjectName, Sha256, Version } from '#lib/core/ids.ts';
import type { ReminderKind } from '#lib/core/reminding.ts';
import type { Letter, MailPart } from '#lib/server/mail/compose.ts';
import { linkTo, renderMoment } from '#lib/server/mail/link.ts';
import { waysToSignParts, type WaysToSign } from './ways-to-sign.ts';

export type DraftReminderLetter = {
  kind: ReminderKind;
  project: ProjectName;
  version: Version;
  draft: DraftId;
  revision: number;
  openedBy: AccountName;
  openedAt: Date;
  /** Who wants it, where somebody does. */
  askedBy: AccountName | null;
  now: Date;
  deadline: Date;
  statement: { sha256: Sha256; size: number };
  files: readonly { name: FileName; size: number; sha256: Sha256 }[];
  signedSoFar: readonly AccountName[];
  required: number;
  missing: number;
  /** Whose signature could still count. */
  couldStillSign: readonly AccountName[];
  /** What holds it back besides signatures, as a sentence; null: nothing. */
  heldBack: string | null;
  /** How the reader signs it; null: their signature is not wanted now. */
  ways: WaysToSign | null;
};

export function draftReminderLetter(about: DraftReminderLetter): Letter {
  const { project, version, draft, kind, ways } = about;
  const count = `${about.required - about.missing} of ${about.required}`;
  const state = kind === 'deadline' ? `ends ${inDays(about)}` : 'still needs your signature';
  return {
    event: kind === 'deadline' ? 'draft.ends-soon' : 'draft.reminder',
    subject: `[${project}] ${version} ${state} (${count})`,
    project,
    thread: `draft-${draft}`,
    parts: [
      { paragraph: whyNow(about) },
      { paragraph: whatIsMissing(about) },
      {
        facts: [
          [ways === null ? 'Statement' : 'You would sign', `SHA256SUMS, ${about.statement.size} bytes`],
          ['Its SHA-256', about.statement.sha256],
          ['Signed so far', `${about.signedSoFar.join(', ') || 'nobody'}, ${count}`],
          ['Expires', renderMoment(about.deadline)],
        ],
      },
      { files: about.files },
      ...(ways === null ? [seeDraft(draft)] : waysToSignParts(ways, 'Look at it and sign')),
      ...(kind === 'deadline' ? [] : [{ paragraph: notNow }]),
    ],
    reason: `you are a maintainer of ${project}`,
  };
}

const notNow = 'Not now? On its page you can put reminders off for a day, three days or a week, or mute the draft.';

const seeDraft = (draft: DraftId): MailPart => ({ link: linkTo(`/drafts/${draft}`), says: 'See the draft' });

function inDays({ deadline, now }: DraftReminderLetter): string {
  const days = Math.ceil((deadline.getTime() - now.getTime()) / 86_400_000);
  return days <= 1 ? 'within a day' : `in ${days} days`;
}

function whyNow(about: DraftReminderLetter): string {
  const { kind, project, version, revision, openedBy, openedAt, askedBy, deadline } = about;
  const what = `release ${version} of ${project}`;
  if (kind === 'deadline')
    return `The draft of ${what} ends ${inDays(about)}, on ${renderMoment(deadline)}. If enough people have not signed by then, nothing is published and the version is free again.`;
  const opened = `${openedBy} opened it on ${renderMoment(openedAt)}.`;
  if (kind === 'asked' && askedBy !== null)
    return `${askedBy} asks you again to sign revision ${revision} of ${what}. ${opened}`;
  return `The draft of ${what} still waits for your signature over revision ${revision}. ${opened}`;
}

function whatIsMissing({ missing, couldStillSign, heldBack }: DraftReminderLetter): string {
  if (missing === 0) return `Enough people have signed. ${heldBack ?? ''}`.trim();
  const lacks = missing === 1 ? 'One more signature is needed' : `${missing} more signatures are needed`;
  const from = couldStillSign.length === 0 ? 'nobody can give it now' : `it can come from ${couldStillSign.join(', ')}`;
  return `${lacks}; ${from}.${heldBack === null ? '' : ` ${heldBack}`}`;
}
