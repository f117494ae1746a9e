// Somebody built the files of a draft by themselves and got other digests: everybody else hears it before they sign, with how it was built.
import type { AccountName, DraftId, FileName, ProjectName, Sha256, Version } from '#lib/core/ids.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import { linkTo } from '#lib/server/mail/link.ts';

export type DraftRebuiltOtherwiseLetter = {
  project: ProjectName;
  version: Version;
  draft: DraftId;
  revision: number;
  by: AccountName;
  /** What came of it, behind the name. */
  outcome: string;
  /** The files that differ. */
  files: readonly { name: FileName; sha256: Sha256; expected: Sha256 }[];
  /** Hostile text of several lines. */
  recipe: string;
};

export function draftRebuiltOtherwiseLetter(about: DraftRebuiltOtherwiseLetter): Letter {
  const { project, version, draft, revision, by, outcome, files, recipe } = about;
  return {
    event: 'draft.rebuilt-otherwise',
    subject: `[${project}] ${version}: ${by} rebuilt it and got other digests`,
    project,
    thread: `draft-${draft}`,
    parts: [
      { paragraph: `${by} ${outcome}, of revision ${revision} of ${project} ${version}.` },
      ...files.map(({ name, sha256, expected }) => ({
        facts: [
          ['File', name],
          [`${by} got`, sha256],
          ['The draft has', expected],
        ] as const,
      })),
      { paragraph: 'How it was built:' },
      { quote: recipe },
      {
        paragraph:
          'That counts for nothing by itself: a build that is not reproducible differs too. Ask before you sign, and decline if nobody can say why.',
      },
      { link: linkTo(`/drafts/${draft}#rebuilds`), says: 'See the draft' },
    ],
    reason: `you are a maintainer of ${project}`,
  };
}
