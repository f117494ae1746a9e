// The chain of policies of a project, and the project itself, as rows. What the rows have of the chain must be the same; rows that are ahead of the index (a policy that it has not taken yet) stay. Called inside a change, with a
// chain that core has decided.
import { randomUUID } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import { instantMs, type ProjectName } from '#lib/core/ids.ts';
import type { Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { admitInvited, rewriteMemberships } from '#lib/server/judge/bring-into-force.ts';
import { endInvitationsOf, leaversOf } from '#lib/server/judge/end-invitations.ts';
import { loadPolicyInForce } from '#lib/server/judge/load-policy.ts';
import type { PublishedPolicy, PublishedProject } from './published-project.ts';

/** Brings the rows to the newest published policy; answers which versions they did not have in force. Refuses `evidence.policy-rewritten`. */
export async function keepPolicies(work: Change, { policies, list }: PublishedProject): Promise<number[]> {
  const { tx, now } = work;
  const { project } = list;
  const newest = (policies.at(-1) ?? policies[0]).policy;
  await keepProject(work, project, policies[0]);
  await lockRow(tx, 'Project', project);
  const before = await loadPolicyInForce(tx, project);
  const missing: number[] = [];
  for (const policy of policies) if (await isMissing(work, project, policy)) missing.push(policy.policy.version);
  if (missing.length === 0) return [];
  await tx.policy.updateMany({ where: { projectName: project, state: 'in-force' }, data: { state: 'superseded' } });
  for (const policy of policies.filter((one) => missing.includes(one.policy.version)))
    await keepPolicy(work, project, { policy, isNewest: policy.policy.version === newest.version });
  // Whatever was proposed after the policy that was in force here follows it no more.
  await tx.policy.updateMany({ where: { openSlot: project }, data: { state: 'withdrawn', openSlot: null } });
  await tx.project.update({ where: { name: project }, data: { policyInForce: newest.version, keysChangedAt: now } });
  await rewriteMemberships(work, newest);
  await admitInvited(work, newest);
  await endInvitationsOf(work, project, leaversOf(before?.policy ?? null, newest));
  return missing;
}

async function keepProject({ tx }: Change, name: ProjectName, { policy, signatures }: PublishedPolicy): Promise<void> {
  const founder = signatures[0]?.person ?? policy.people[0]?.name ?? 'nobody';
  const create = { name, createdBy: founder, createdAt: new Date(instantMs(policy.date)) };
  await tx.project.upsert({ where: { name }, create, update: {} });
}

async function isMissing(
  { tx }: Change,
  project: ProjectName,
  { policy: { version }, sha256 }: PublishedPolicy,
): Promise<boolean> {
  const row = await tx.policy.findUnique({ where: { chainSlot: `${project}@${version}` }, select: { sha256: true } });
  if (row !== null && row.sha256 !== sha256) throw refuse('evidence.policy-rewritten', { project, version });
  return row === null;
}

async function keepPolicy(
  { tx, now }: Change,
  project: ProjectName,
  { policy: { policy, sha256, bytes, signatures }, isNewest }: { policy: PublishedPolicy; isNewest: boolean },
): Promise<void> {
  const { version, threshold, date } = policy;
  const state = isNewest ? 'in-force' : 'superseded';
  const inChain = { state, openSlot: null, chainSlot: `${project}@${version}`, effectiveAt: now, waitsSince: null };
  const known = await tx.policy.findFirst({ where: { projectName: project, version, sha256 }, select: { id: true } });
  const id = known?.id ?? randomUUID();
  const document = { id, projectName: project, version, bytes: new Uint8Array(bytes), sha256, threshold };
  const proposed = { proposedBy: signatures[0]?.person ?? 'nobody', proposedAt: new Date(instantMs(date)) };
  await tx.policy.upsert({ where: { id }, create: { ...document, ...proposed, ...inChain }, update: inChain });
  await tx.policySignature.createMany({
    data: signatures.map(({ facts, packet, key, person }) => ({
      ...{ packetSha256: packet.sha256, policyId: id, packet: new Uint8Array(packet.bytes), personName: person, key },
      ...{
        issuer: facts.issuer ?? key,
        made: new Date(facts.made ?? now),
        received: new Date(facts.made ?? now),
        via: 'index',
      },
    })),
    skipDuplicates: true,
  });
}
