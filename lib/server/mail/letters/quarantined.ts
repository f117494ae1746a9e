// A release was quarantined: what fell, why, and who must sign it again. Goes to everybody of the project and to whoever signed it.
import type { DraftId, ProjectName, Version } from '#lib/core/ids.ts';
import { sayKept, sayWayBack } from '#lib/core/quarantine.ts';
import type { Verdict } from '#lib/core/verdict.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type QuarantinedLetter = {
  project: ProjectName;
  version: Version;
  draft: DraftId;
  /** As the countersigned record says it. */
  reason: string;
  verdict: Pick<Verdict, 'met' | 'missing' | 'couldStillSign'>;
  /** The reader could sign it again. */
  isAsked: boolean;
};

export function quarantinedLetter({ project, version, draft, reason, verdict, isAsked }: QuarantinedLetter): Letter {
  return {
    event: 'release.quarantined',
    subject: `[${project}] ${version} is quarantined`,
    project,
    thread: `draft-${draft}`,
    parts: [
      { paragraph: `${project} ${version} no longer has the signatures that it needs. ${reason}` },
      { paragraph: `${sayKept} ${sayWayBack(verdict)}` },
      {
        paragraph: isAsked
          ? 'You are one of those who can sign it. Look first whether its files are what you built.'
          : 'Whoever signs it should look first whether its files are what they built.',
      },
      { link: linkTo(`/drafts/${draft}`), says: isAsked ? 'See the release, and sign it again' : 'See the release' },
    ],
    reason: `you are a maintainer of ${project}, or signed this release; mail about quarantined releases cannot be switched off`,
  };
}
