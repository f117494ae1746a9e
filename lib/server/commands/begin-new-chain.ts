// Begins a new chain for a project that cannot change its policy any more (docs/decisions/024): proposes version N+1, which names no policy before
// it and is signed by the owners that it names. Nothing changes before they signed and the countersigner's operator confirmed it there.
import { refuse } from '#lib/core/errors.ts';
import { readAccountName, renderInstant, type AccountName, type Fingerprint, type ProjectName } from '#lib/core/ids.ts';
import { makeNextPolicy, type PolicyWish } from '#lib/core/next-policy.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import type { Policy } from '#lib/core/policy.ts';
import { change, type Change } from '#lib/server/change.ts';
import { beginProposal } from '#lib/server/judge/begin-proposal.ts';
import { isPolicyStuck } from '#lib/server/judge/load-stuck.ts';
import { loadUsableKeys } from '#lib/server/judge/my-keys.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { storeProposal } from '#lib/server/judge/store-proposal.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { chainProposedLetter } from '#lib/server/mail/letters/chain-proposed.ts';

export type BeginNewChainInput = {
  project: string;
  /** People of the policy in force who go on; the others are retired. Whoever begins the chain is one of them, as an owner. */
  people: string[];
  threshold: number;
};

/**
 * @throws `person.…`, `session.not-fresh`, `project.…`, `policy.not-stuck`, `policy.already-open`, `policy.not-a-person-of`, `chain.without-you`,
 * `chain.no-key`, `policy.malformed`
 */
export async function beginNewChain(
  actor: Actor,
  input: BeginNewChainInput,
): Promise<{ project: ProjectName; version: number }> {
  return change(actor, 'web', async (work) => {
    const { tx, now } = work;
    const { project, name } = await requireRight(tx, actor, 'chain.begin', input.project);
    requireFresh(actor, now.getTime());
    const previous = await beginProposal(tx, project.name);
    if (!(await isPolicyStuck(tx, previous.policy, now)))
      throw refuse('policy.not-stuck', { project: project.name, version: previous.version });
    const wish = await wishOf(work, previous.policy, input, name);
    const anew = { ...makeNextPolicy(previous, wish, renderInstant(now.getTime())), previous: null };
    const next = await storeProposal(work, previous, anew);
    const people = next.policy.people.map((person) => person.name);
    const { version, sha256, policy } = next;
    const about = { project: project.name, version, proposedBy: name, threshold: policy.threshold, people, sha256 };
    const all = [...people, ...previous.policy.people.map((person) => person.name)];
    await tellPeople(work, all, () => chainProposedLetter(about));
    return { project: project.name, version };
  });
}

/** Who goes on keeps the keys that can sign now, with those that they proved since; everybody else retires. */
async function wishOf(
  { tx, now }: Change,
  before: Policy,
  input: BeginNewChainInput,
  founder: AccountName,
): Promise<PolicyWish> {
  const chosen = [...new Set(input.people.map(readAccountName))];
  if (!chosen.includes(founder)) throw refuse('chain.without-you', {});
  const addKeys: { name: AccountName; key: Fingerprint }[] = [];
  const dropKeys: Fingerprint[] = [];
  for (const name of chosen) {
    const named = before.people.find((person) => person.name === name);
    if (!named) throw refuse('policy.not-a-person-of', { name, project: before.project });
    const usable = (await loadUsableKeys(tx, name, now)).map((key) => key.fingerprint);
    if (usable.length === 0) throw refuse('chain.no-key', { name });
    addKeys.push(...usable.filter((key) => !named.keys.includes(key)).map((key) => ({ name, key })));
    dropKeys.push(...named.keys.filter((key) => !usable.includes(key)));
  }
  const gone = before.people.filter((person) => !chosen.includes(person.name));
  const owners = before.people.filter((person) => person.role === 'owner' || person.name === founder);
  return {
    threshold: input.threshold,
    ownerThreshold: Math.min(before.ownerThreshold, owners.filter((person) => chosen.includes(person.name)).length),
    ...{ addKeys, dropKeys, roles: [{ name: founder, role: 'owner' }] },
    remove: gone.map(({ name }) => ({ name, how: 'retire' })),
  };
}
