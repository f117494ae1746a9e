// Ends an open proposal without bringing it into force: its number is free again, what was signed for it counts nowhere else (the next
// document has other bytes), and everybody whom it asked hears of it. Both ways to end share this, so that none forgets the other's steps.
import { refuse } from '#lib/core/errors.ts';
import { readAccountName, type AccountName } from '#lib/core/ids.ts';
import { requireHit, type Change } from '#lib/server/change.ts';
import { policyEndedLetter } from '#lib/server/mail/letters/policy-ended.ts';
import type { LoadedPolicy } from './load-policy.ts';
import { tellPeople } from './tell-people.ts';

/** The caller holds the project's lock. Refuses `policy.not-open` where somebody was faster. */
export async function endProposal(
  work: Change,
  { id, project, version, sha256, policy, proposedBy }: LoadedPolicy,
  end: { by: AccountName } | 'deadline',
): Promise<void> {
  const { tx } = work;
  const state = end === 'deadline' ? 'expired' : 'withdrawn';
  const written = await tx.policy.updateMany({ where: { id, state: 'open' }, data: { state, openSlot: null } });
  requireHit(written, () => refuse('policy.not-open', { version, state: 'no longer open' }));
  const rows = await tx.policySignature.findMany({ where: { policyId: id }, orderBy: { received: 'asc' } });
  const signedBy = rows.map((row) => readAccountName(row.personName));
  await work.record(`policy.${state}`, { project, details: { version, sha256, signedBy } });
  const members = await tx.membership.findMany({ where: { projectName: project } });
  const people = members.map((row) => readAccountName(row.personName));
  const letter = policyEndedLetter({ project, version, end, signedBy });
  await tellPeople(work, [...people, ...policy.people.map(({ name }) => name), proposedBy], () => letter);
}
