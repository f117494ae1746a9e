// A change of the rules before it is proposed: the document that would be proposed, what it changes, whom it needs, what it does. It makes the
// document with the same function as the proposal (core's makeNextPolicy), reads only, and shows nothing that an owner does not see anyway.
import { renderInstant, type AccountName, type ProjectName } from '#lib/core/ids.ts';
import { makeNextPolicy } from '#lib/core/next-policy.ts';
import type { Actor } from '#lib/core/people.ts';
import { evaluatePolicy } from '#lib/core/policy-chain.ts';
import { readPolicy, renderPolicy } from '#lib/core/policy.ts';
import { loadKeyRing } from '#lib/server/judge/key-ring.ts';
import { loadConsequences } from '#lib/server/judge/load-consequences.ts';
import { requirePolicyInForce } from '#lib/server/judge/load-policy.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { readWish, type PolicyInput } from '#lib/server/judge/read-wish.ts';
import { runtime } from '#lib/server/runtime.ts';
import { sayConsequences, type SaidConsequences } from './say-consequences.ts';
import { changesOf, sayCounts, sayNeed, sayPolicy, sayWeakening, type PolicyChange } from '#lib/core/say-policy.ts';

export type PolicyPreview = {
  version: number;
  sentences: string[];
  changes: PolicyChange[];
  weakenings: string[];
  counts: string;
  needs: { why: string; says: string; people: AccountName[] }[];
  consequences: SaidConsequences;
};

/** Refuses what proposePolicy refuses, but for the recent sign-in and a change that is open. */
export async function policyPreview(actor: Actor, input: PolicyInput & { project: string }): Promise<PolicyPreview> {
  const { db } = runtime();
  const { project } = await requireRight(db, actor, 'policy.propose', input.project);
  return previewOf(project.name, input);
}

/** What it would do if the actor left. Refuses what leaveProject refuses, but for the recent sign-in and a change that is open. */
export async function leavePreview(actor: Actor, claimed: string): Promise<PolicyPreview> {
  const { db } = runtime();
  const { project, name } = await requireRight(db, actor, 'person.leave', claimed);
  return previewOf(project.name, { remove: [{ name, how: 'retire' }] });
}

async function previewOf(project: ProjectName, input: PolicyInput): Promise<PolicyPreview> {
  const { db, clock } = runtime();
  const now = clock.now();
  const before = await requirePolicyInForce(db, project);
  const wish = await readWish(db, before.policy, input, now);
  const proposed = makeNextPolicy(before, wish, renderInstant(now.getTime()));
  const next = readPolicy(new TextEncoder().encode(renderPolicy(proposed)));
  const named = [...before.policy.people, ...next.people].flatMap(({ keys }) => keys);
  const ring = await loadKeyRing(db, named);
  const verdict = evaluatePolicy(before.policy, next, [], ring.facts, now.getTime());
  return {
    version: next.version,
    sentences: sayPolicy(next),
    changes: changesOf(before.policy, next),
    weakenings: verdict.weakenings.map(sayWeakening),
    counts: sayCounts(verdict.needs),
    needs: verdict.needs.map((need) => ({
      ...{ why: need.why, says: sayNeed(need) },
      people: need.people.map(({ name }) => name),
    })),
    consequences: sayConsequences(await loadConsequences(db, before.policy, next, now)),
  };
}
