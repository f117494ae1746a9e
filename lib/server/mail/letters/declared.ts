// A yank, an unyank or a status of a project is in the index: everybody of the project hears it, so that nobody's name is used unseen.
import { nameDeclaration, type Declaration } from '#lib/core/declaration.ts';
import type { AccountName, DraftId } from '#lib/core/ids.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import { linkTo } from '#lib/server/mail/link.ts';

/** `by`: the owner who signed it; null where that is not known any more. `draft`: the release that it is about. */
export type DeclaredLetter = { declaration: Declaration; by: AccountName | null; draft: DraftId | null };

export function declaredLetter({ declaration, by, draft }: DeclaredLetter): Letter {
  const { project, reason } = declaration;
  const link = draft === null ? linkTo(`/projects/${project}`) : linkTo(`/drafts/${draft}`);
  return {
    event: declaration.type === 'countersign/yank' ? `release.${declaration.action}ed` : 'project.status-changed',
    subject: `[${project}] the ${nameDeclaration(declaration)} is in force`,
    project,
    ...(draft && { thread: `draft-${draft}` }),
    parts: [
      { paragraph: `${by ?? 'An owner'} signed the ${nameDeclaration(declaration)}, and the index says so now.` },
      { paragraph: `The reason: “${reason}”` },
      { paragraph: whatItDoes(declaration) },
      { link, says: draft === null ? 'See the project' : 'See the release' },
    ],
    reason: `you are a maintainer of ${project}`,
  };
}

function whatItDoes(declaration: Declaration): string {
  if (declaration.type === 'countersign/yank')
    return declaration.action === 'yank'
      ? 'Installers no longer choose this release by themselves; who asks for exactly this version still gets it, with the reason.'
      : 'Installers choose this release again as any other.';
  const effects = {
    active: 'The project takes releases as ever.',
    archived: 'The project takes no new files and publishes nothing; what is published stays installable.',
    quarantined: 'The project takes no new files, publishes nothing, and its files are no longer offered.',
  };
  return effects[declaration.status];
}
