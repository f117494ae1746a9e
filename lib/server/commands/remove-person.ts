// Proposes the policy that removes somebody: retired (what they signed keeps counting) or struck (void since a moment, or altogether, with a reason).
// With it goes what the owner wants for each release that falls below its threshold by it: that the others sign it again, or that it stays
// quarantined. The rules decide which releases fall; the owner decides only whether anybody is asked.
import { refuse } from '#lib/core/errors.ts';
import { readAccountName, type AccountName, type ProjectName, type Version } from '#lib/core/ids.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import { change, type Change } from '#lib/server/change.ts';
import { loadConsequences } from '#lib/server/judge/load-consequences.ts';
import { requirePolicyInForce } from '#lib/server/judge/load-policy.ts';
import { openProposal } from '#lib/server/judge/open-proposal.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import type { PolicyInput } from '#lib/server/judge/read-wish.ts';

const fates = ['ask', 'quarantine'] as const;
type Fate = (typeof fates)[number];

type Removal = NonNullable<PolicyInput['remove']>[number];

export type RemovePersonInput = {
  project: string;
  removal: Removal;
  /** Absent: as it is. */
  threshold?: number;
  ownerThreshold?: number;
  /** Draft id → what becomes of that release; for one that is absent the others are asked. */
  fates: Record<string, string>;
};

/** @throws `person.…`, `session.not-fresh`, `project.…`, `policy.…`, `input.not-a` */
export async function removePerson(
  actor: Actor,
  input: RemovePersonInput,
): Promise<{ project: ProjectName; version: number }> {
  return change(actor, 'web', async (work) => {
    const { project, name } = await requireRight(work.tx, actor, 'policy.propose', input.project);
    requireFresh(actor, work.now.getTime());
    const { removal, threshold, ownerThreshold } = input;
    const before = await requirePolicyInForce(work.tx, project.name);
    const next = await openProposal(work, project.name, { remove: [removal], threshold, ownerThreshold }, name);
    const told = await loadConsequences(work.tx, before.policy, next.policy, work.now);
    const falling = told.releases
      .filter(({ effect }) => effect === 'falls')
      .map(({ id, version }) => ({ draftId: id, version, fate: readFate(input.fates[id]) }));
    await work.tx.releaseFate.createMany({
      data: falling.map(({ draftId, fate }) => ({ policyId: next.id, draftId, fate })),
    });
    await tell(work, readAccountName(removal.name), { project: project.name, version: next.version, removal, falling });
    return { project: project.name, version: next.version };
  });
}

function readFate(claimed: string | undefined): Fate {
  const fate = fates.find((known) => known === (claimed ?? 'ask'));
  if (!fate) throw refuse('input.not-a', { what: 'what becomes of a release', claimed: String(claimed).slice(0, 40) });
  return fate;
}

type Proposed = {
  project: ProjectName;
  version: number;
  removal: Removal;
  falling: { version: Version; fate: Fate }[];
};

function tell(work: Change, person: AccountName, { project, version, removal, falling }: Proposed): Promise<void> {
  const of = (wanted: Fate) => falling.filter(({ fate }) => fate === wanted).map((release) => release.version);
  const strike = removal.how === 'strike' ? { since: removal.since, reason: removal.reason } : {};
  const details = { version, how: removal.how, ...strike, signAgain: of('ask'), quarantine: of('quarantine') };
  return work.record('person.removal-proposed', { project, person, details });
}
