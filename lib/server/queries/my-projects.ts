// The projects of whoever asks, by name: signed in, or with a personal token that reads them.
import { requireAsking, type Actor } from '#lib/core/people.ts';
import { readProjectName, type ProjectName } from '#lib/core/ids.ts';
import { runtime } from '#lib/server/runtime.ts';

export type MyProject = { name: ProjectName; role: 'owner' | 'maintainer' };

/** Refuses `person.sign-in-first`, `token.not-for-this`. */
export async function myProjects(actor: Actor): Promise<MyProject[]> {
  const personName = requireAsking(actor, 'project.see-drafts');
  const one = actor.kind === 'token' && actor.project !== null ? { projectName: actor.project } : {};
  const rows = await runtime().db.membership.findMany({
    where: { personName, ...one },
    orderBy: { projectName: 'asc' },
  });
  return rows.map(({ projectName, role }) => ({
    name: readProjectName(projectName),
    role: role === 'owner' ? 'owner' : 'maintainer',
  }));
}
