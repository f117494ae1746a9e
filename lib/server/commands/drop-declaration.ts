// Drops a declaration that is not in force: an owner may, signed or not. What the countersigner has taken already is in force all the same;
// it is taken back by declaring the contrary.
import { nameDeclaration } from '#lib/core/declaration.ts';
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName } from '#lib/core/ids.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import { change, requireHit } from '#lib/server/change.ts';
import { findDeclaration } from '#lib/server/judge/find-declaration.ts';

/** `declaration`: SHA-256 of its bytes. @throws `person.…`, `session.not-fresh`, `project.not-found`, `declaration.not-found`, `declaration.not-open` */
export async function dropDeclaration(
  actor: Actor,
  input: { project: string; declaration: string },
): Promise<{ project: ProjectName }> {
  return change(actor, 'web', async ({ tx, now, record }) => {
    const { project, row, declaration, draft } = await findDeclaration(tx, actor, input);
    requireFresh(actor, now.getTime());
    const name = nameDeclaration(declaration);
    const written = await tx.declaration.updateMany({
      where: { id: row.id, state: { in: ['open', 'signed'] } },
      data: { state: 'withdrawn', openSlot: null },
    });
    requireHit(written, () => refuse('declaration.not-open', { name, state: row.state }));
    const details = { declaration: name, was: row.state };
    await record('declaration.dropped', { project: project.name, ...(draft && { draft }), details });
    return { project: project.name };
  });
}
