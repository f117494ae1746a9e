// Opens a change of the rules for signatures: makes the document from the policy in force, stores it, tells those whose signatures it
// needs. Whether the actor may ask for it was decided by the command. It changes no rule; bring-into-force.ts does, when all have signed.
import { renderInstant, type AccountName, type ProjectName } from '#lib/core/ids.ts';
import { makeNextPolicy } from '#lib/core/next-policy.ts';
import type { Change } from '#lib/server/change.ts';
import { policyOpenedLetter } from '#lib/server/mail/letters/policy-opened.ts';
import { changesOf, sayChange } from '#lib/core/say-policy.ts';
import { beginProposal } from './begin-proposal.ts';
import { judgePolicy, type LoadedPolicy } from './load-policy.ts';
import { readWish, type PolicyInput } from './read-wish.ts';
import { storeProposal } from './store-proposal.ts';
import { tellPeople } from './tell-people.ts';

/** Refuses `project.no-policy`, `policy.already-open`, and what readWish and makeNextPolicy refuse. */
export async function openProposal(
  work: Change,
  project: ProjectName,
  input: PolicyInput,
  proposedBy: AccountName,
): Promise<LoadedPolicy> {
  const { tx, now } = work;
  const previous = await beginProposal(tx, project);
  const wish = await readWish(tx, previous.policy, input, now);
  const next = await storeProposal(work, previous, makeNextPolicy(previous, wish, renderInstant(now.getTime())));
  const { verdict } = await judgePolicy(tx, next, now);
  const letter = policyOpenedLetter({
    ...{ project, version: next.version, proposedBy, threshold: next.policy.threshold },
    people: next.policy.people.map((person) => person.name),
    document: { sha256: next.sha256, size: next.bytes.length },
    changes: changesOf(previous.policy, next.policy).map(sayChange),
  });
  await tellPeople(work, verdict.couldStillSign, () => letter);
  return next;
}
