// "What changed since 1.1.0": a draft against the release before it, in the mails that ask for a signature.
import type { MailPart } from '#lib/server/mail/compose.ts';
import type { SinceRelease } from '#lib/server/judge/since-release.ts';

const linesMost = 30;

/** Null: nothing was published before. */
export function sinceParts(since: SinceRelease | null): MailPart[] {
  if (since === null) return [{ paragraph: 'Nothing of this project was published here before.' }];
  const more = since.changes.length - linesMost;
  const list = since.changes.slice(0, linesMost).map((line) => line.say);
  return [
    {
      says: `What changed since ${since.version}`,
      list: more > 0 ? [...list, `and ${more} more, on the page of the draft`] : list,
    },
  ];
}
