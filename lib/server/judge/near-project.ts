// Which earlier project of this instance a project could be mistaken for. Names are never given up and nothing comes before what was there, so the answer of a
// project never changes: each process asks once.
import type { ProjectName } from '#lib/core/ids.ts';
import { isWellKnown, nearOneOf } from '#lib/python/near-names.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { runtime } from '#lib/server/runtime.ts';

const known = new WeakMap<object, Map<ProjectName, string | null>>();

/** Null: none, or everybody knows the project itself. For those who have found it already. */
export async function nearProject(tx: Transaction, project: ProjectName): Promise<string | null> {
  const here = known.get(runtime()) ?? new Map<ProjectName, string | null>();
  known.set(runtime(), here);
  const kept = here.get(project);
  if (kept !== undefined) return kept;
  const near = isWellKnown(project) ? null : nearOneOf(project, await loadEarlier(tx, project));
  here.set(project, near);
  return near;
}

async function loadEarlier(tx: Transaction, project: ProjectName): Promise<string[]> {
  const { createdAt } = await tx.project.findUniqueOrThrow({ where: { name: project }, select: { createdAt: true } });
  const rows = await tx.project.findMany({
    where: { createdAt: { lt: createdAt } },
    select: { name: true },
    orderBy: { name: 'asc' },
  });
  return rows.map(({ name }) => name);
}
