// The declarations of a project that wait: to be signed by an owner, or for the countersigner. For people of the project.
import { nameDeclaration, readDeclaration } from '#lib/core/declaration.ts';
import type { Actor } from '#lib/core/people.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';

export type WaitingDeclaration = {
  declaration: string;
  says: string;
  reason: string;
  proposedBy: string;
  proposedAt: Date;
  signedBy: string | null;
  /** What the countersigner has against it. */
  refused: string | null;
};

/** Newest first. Refuses `person.…`, `project.not-found`. */
export async function openDeclarations(actor: Actor, claimed: string): Promise<WaitingDeclaration[]> {
  const { db } = runtime();
  const { project } = await requireRight(db, actor, 'project.see-drafts', claimed);
  const where = { projectName: project.name, openSlot: { not: null } };
  const rows = await db.declaration.findMany({ where, orderBy: [{ proposedAt: 'desc' }, { id: 'asc' }] });
  return rows.map(({ bytes, sha256, proposedBy, proposedAt, signedBy, countersignerSays: refused }) => {
    const document = readDeclaration(bytes);
    const { reason } = document;
    return { declaration: sha256, says: nameDeclaration(document), reason, proposedBy, proposedAt, signedBy, refused };
  });
}
