// What somebody needs who would begin a new chain: whether the project is stuck at all, and who of its people could go on (docs/decisions/024).
// For the people of the policy in force; to everybody else it is not there.
import { refuse } from '#lib/core/errors.ts';
import type { AccountName, ProjectName } from '#lib/core/ids.ts';
import { may, type Actor } from '#lib/core/people.ts';
import { loadOpenPolicy, requirePolicyInForce } from '#lib/server/judge/load-policy.ts';
import { isPolicyStuck } from '#lib/server/judge/load-stuck.ts';
import { loadUsableKeys } from '#lib/server/judge/my-keys.ts';
import { standingIn } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';

export type NewChainPage = {
  project: ProjectName;
  policy: number;
  openPolicy: number | null;
  isStuck: boolean;
  threshold: number;
  people: { name: AccountName; role: 'owner' | 'maintainer'; isReader: boolean; canSign: boolean }[];
};

/** Refuses `project.not-found`, also to those who are not of the project, and `project.no-policy`. */
export async function newChainPage(actor: Actor, claimed: string): Promise<NewChainPage> {
  const { db, clock } = runtime();
  const { project, role } = await standingIn(db, actor, claimed);
  if (!may(role, 'chain.begin')) throw refuse('project.not-found', { claimed: project.name });
  const now = clock.now();
  const { policy, version } = await requirePolicyInForce(db, project.name);
  const people = await Promise.all(
    policy.people.map(async ({ name, role: theirs }) => ({
      ...{ name, role: theirs, isReader: actor.kind === 'person' && actor.name === name },
      canSign: (await loadUsableKeys(db, name, now)).length > 0,
    })),
  );
  return {
    ...{ project: project.name, policy: version, threshold: policy.threshold, people },
    openPolicy: (await loadOpenPolicy(db, project.name))?.version ?? null,
    isStuck: await isPolicyStuck(db, policy, now),
  };
}
