// "Since 1.1.0": what a draft changes against the newest release, in the mails that ask for a signature.
import type { MailPart } from '#lib/server/mail/compose.ts';
import type { SinceRelease } from '#lib/server/judge/since-release.ts';

/** Null: nothing was published before. */
export const sinceParts = (since: SinceRelease | null): MailPart[] =>
  since === null
    ? [{ paragraph: 'Nothing of this project was published here before.' }]
    : [{ list: since.changes, says: `Since ${since.version}, the newest release` }];
