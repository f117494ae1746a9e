// Puts a policy in force whose signatures are complete: the one before is superseded, membership rows follow the document, those
// who were invited and are named now are admitted, open drafts are judged by the new rules. All in the change that completed it.
import { refuse } from '#lib/core/errors.ts';
import { requireComesAfter } from '#lib/core/new-chain.ts';
import type { AccountName } from '#lib/core/ids.ts';
import type { Policy } from '#lib/core/policy.ts';
import { requireHit, type Change } from '#lib/server/change.ts';
import { policyInForceLetter } from '#lib/server/mail/letters/policy-in-force.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import { youAreInLetter } from '#lib/server/mail/letters/you-are-in.ts';
import { youAreOutLetter } from '#lib/server/mail/letters/you-are-out.ts';
import { changesOf, sayChange } from '#lib/core/say-policy.ts';
import { endInvitationsOf, leaversOf } from './end-invitations.ts';
import { loadPolicyInForce, type JudgedPolicy, type LoadedPolicy } from './load-policy.ts';
import { renewPreviews } from './preview.ts';
import { settleDrafts } from './settle-draft.ts';
import { settleReleasesStruck } from './settle-releases.ts';
import { tellPeople } from './tell-people.ts';

/** The caller holds the project's lock and has a met verdict. Refuses `policy.not-open`, `policy.breaks-chain`. */
export async function bringIntoForce(work: Change, { next, verdict }: JudgedPolicy): Promise<void> {
  const before = await loadPolicyInForce(work.tx, next.project);
  requireComesAfter(before && { policy: before.policy, sha256: before.sha256 }, next.policy);
  await moveRows(work, next, before);
  await rewriteMemberships(work, next.policy);
  await admitInvited(work, next.policy);
  const gone = leaversOf(before?.policy ?? null, next.policy);
  await endInvitationsOf(work, next.project, gone);
  if (gone.length > 0) await renewPreviews(work, next.project);
  const signers = [...new Set(verdict.needs.flatMap((need) => need.counted))].sort();
  await work.record('policy.in-force', {
    project: next.project,
    details: { version: next.version, sha256: next.sha256, signers },
  });
  await settleDrafts(work, next.project);
  await settleReleasesStruck(work, next.project, next.policy);
  await tellAll(work, next, before, signers);
}

/** Whoever is new or has another role hears just that; everybody else, and who left, hears of the change. */
async function tellAll(
  work: Change,
  next: LoadedPolicy,
  before: LoadedPolicy | null,
  signers: AccountName[],
): Promise<void> {
  const { policy, sha256 } = next;
  const gone = leaversOf(before?.policy ?? null, policy);
  const people = [...policy.people.map((person) => person.name), ...gone];
  const changes = changesOf(before?.policy ?? null, policy).map(sayChange);
  const others = policyInForceLetter({ policy, sha256, signers, changes });
  await tellPeople(work, people, (name) => {
    if (gone.includes(name)) return farewell(policy, name, signers);
    return (before && roleLetter(before.policy, policy, name)) ?? others;
  });
}

/** For whoever is new, or has another role than before; null: neither. */
function roleLetter(was: Policy, policy: Policy, name: AccountName): Letter | null {
  const role = policy.people.find((person) => person.name === name)?.role;
  const before = was.people.find((person) => person.name === name)?.role ?? null;
  if (role === undefined || role === before) return null;
  const { project, version, threshold } = policy;
  return youAreInLetter({ project, role, before, policy: version, threshold });
}

function farewell(policy: Policy, name: AccountName, signers: AccountName[]): Letter {
  const struck = policy.struck.findLast((entry) => entry.name === name) ?? null;
  return youAreOutLetter({ project: policy.project, policy: policy.version, signers, struck });
}

async function moveRows({ tx, now }: Change, next: LoadedPolicy, before: LoadedPolicy | null): Promise<void> {
  const gone = () => refuse('policy.not-open', { version: next.version, state: 'no longer open' });
  if (before) {
    const ended = await tx.policy.updateMany({
      where: { id: before.id, state: 'in-force' },
      data: { state: 'superseded' },
    });
    requireHit(ended, gone);
  }
  const chainSlot = `${next.project}@${next.version}`;
  const data = { state: 'in-force', effectiveAt: now, openSlot: null, chainSlot };
  requireHit(await tx.policy.updateMany({ where: { id: next.id, state: 'open' }, data }), gone);
  const expected = { name: next.project, policyInForce: before?.version ?? null };
  requireHit(await tx.project.updateMany({ where: expected, data: { policyInForce: next.version } }), gone);
}

/** Who the policy names, and as what. */
export async function rewriteMemberships({ tx }: Change, policy: Policy): Promise<void> {
  await tx.membership.deleteMany({ where: { projectName: policy.project } });
  const data = policy.people.map(({ name, role }) => ({ projectName: policy.project, personName: name, role }));
  await tx.membership.createMany({ data });
}

/** Whoever was invited and is named now came in by that. */
export async function admitInvited({ tx, now }: Change, policy: Policy): Promise<void> {
  const names = policy.people.map((person) => person.name);
  const where = { projectName: policy.project, acceptedBy: { in: names }, admittedAt: null, revokedAt: null };
  await tx.invitation.updateMany({ where, data: { admittedAt: now } });
}
