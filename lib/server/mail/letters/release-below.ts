// A published release no longer has enough signatures that count: its owners hear of it at once.
import type { DraftId, Fingerprint, ProjectName, Version } from '#lib/core/ids.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type ReleaseBelowLetter = {
  project: ProjectName;
  version: Version;
  draft: DraftId;
  /** Whose revocation did it. */
  key: Fingerprint;
  counted: number;
  required: number;
};

export function releaseBelowLetter(about: ReleaseBelowLetter): Letter {
  const { project, version, draft, key, counted, required } = about;
  return {
    event: 'release.below-threshold',
    subject: `[${project}] ${version} fell below its threshold: ${counted} of ${required}`,
    project,
    thread: `draft-${draft}`,
    parts: [
      {
        paragraph: `A key that signed ${project} ${version} was revoked as compromised, so its signature no longer counts, however old it is. The release needs ${required} and has ${counted}.`,
      },
      { facts: [['Revoked key', key]] },
      {
        paragraph:
          'Look whether the files of this release are what you built. Installers that check the threshold will refuse it from now on; release a new version that enough people sign.',
      },
      { link: linkTo(`/drafts/${draft}`), says: 'See the release' },
    ],
    reason: `you are an owner of ${project}; mail about keys cannot be switched off`,
  };
}
