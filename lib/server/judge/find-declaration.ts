// A declaration by the digest of its bytes, for whoever may sign or drop it: an owner. Its bytes are read each time; the columns beside them only
// serve queries. Who may declare what is core's table: a yank and a status are rights of their own.
import { readDeclaration, type Declaration } from '#lib/core/declaration.ts';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readDraftId, readSha256, type AccountName, type DraftId, type Sha256 } from '#lib/core/ids.ts';
import type { Actor, Verb } from '#lib/core/people.ts';
import type { Declaration as DeclarationRow } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { requireRight, type ProjectFacts } from './project-role.ts';

export type FoundDeclaration = {
  project: ProjectFacts;
  name: AccountName;
  row: DeclarationRow;
  declaration: Declaration;
  sha256: Sha256;
  /** The release that a yank is about. */
  draft: DraftId | undefined;
};

/** The right that somebody needs to make this. */
export const rightFor = (type: Declaration['type']): Verb =>
  type === 'countersign/yank' ? 'release.yank' : 'project.set-status';

/** `verb`: what for; else to make or drop it. Refuses `person.…`, `project.not-found`, `declaration.not-found`. */
export async function findDeclaration(
  tx: Transaction,
  actor: Actor,
  claimed: { project: string; declaration: string },
  verb?: 'declaration.sign',
): Promise<FoundDeclaration> {
  const { project } = await requireRight(tx, actor, 'project.see-drafts', claimed.project);
  const sha256 = readClaimed(claimed.declaration);
  const row = await tx.declaration.findUnique({ where: { sha256 } });
  if (row?.projectName !== project.name) throw refuse('declaration.not-found', {});
  const declaration = readDeclaration(row.bytes);
  const { name } = await requireRight(tx, actor, verb ?? rightFor(declaration.type), project.name);
  const draft = row.draftId === null ? undefined : readDraftId(row.draftId);
  return { project, name, row, declaration, sha256, draft };
}

function readClaimed(claimed: string): Sha256 {
  try {
    return readSha256(claimed);
  } catch (fault) {
    if (isRefusal(fault)) throw refuse('declaration.not-found', {}, fault);
    throw fault;
  }
}
