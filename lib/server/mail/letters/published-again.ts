// A quarantined release was signed again by enough people and is back in the index. Goes to everybody concerned.
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import { evidenceParts, type PublishedLetter } from './published.ts';

export function publishedAgainLetter(about: PublishedLetter): Letter {
  const { project, version, draft } = about;
  return {
    event: 'release.published-again',
    subject: `[${project}] ${version} is published again`,
    project,
    thread: `draft-${draft}`,
    parts: [
      {
        paragraph: `Enough people have signed ${project} ${version} again: it is back in the index and can be installed.`,
      },
      ...evidenceParts(about),
      { link: linkTo(`/drafts/${draft}`), says: 'See the release and its evidence' },
    ],
    reason: `you are a maintainer of ${project}, or signed this release`,
  };
}
