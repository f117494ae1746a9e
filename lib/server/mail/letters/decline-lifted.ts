// A decline was lifted: whoever declined hears it, and everybody else, since the draft may be approved by it.
import type { AccountName, DraftId, ProjectName, Version } from '#lib/core/ids.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type DeclineLiftedLetter = {
  project: ProjectName;
  version: Version;
  draft: DraftId;
  by: AccountName;
  declinedBy: AccountName;
  /** What still holds the draft back, as a sentence; null: nothing does. */
  stillHeldBack: string | null;
};

export function declineLiftedLetter(about: DeclineLiftedLetter): Letter {
  const { project, version, draft, by, declinedBy, stillHeldBack } = about;
  const whose = by === declinedBy ? 'their own decline' : `the decline of ${declinedBy}`;
  return {
    event: 'decline.lifted',
    subject: `[${project}] ${version}: ${by} lifted ${whose}`,
    project,
    thread: `draft-${draft}`,
    parts: [
      {
        paragraph: `${by} lifted ${whose} of ${project} ${version}. ${stillHeldBack ?? 'Nothing holds it back any more: it is approved as soon as enough people have signed.'}`,
      },
      { link: linkTo(`/drafts/${draft}`), says: 'See the draft' },
    ],
    reason: `you are a maintainer of ${project}`,
  };
}
