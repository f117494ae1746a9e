// Makes a proposed policy into a row: rendered once, read back by the strict reader, checked that it can follow. From here on
// only the bytes count; they are signed, stored and served exactly so.
import { randomUUID } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import { readPolicy, renderPolicy, type Policy } from '#lib/core/policy.ts';
import { requireComesAfter } from '#lib/core/new-chain.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { actorName, type Change } from '#lib/server/change.ts';
import { orTaken } from '#lib/server/db/faults.ts';
import { limits } from '#lib/server/limits.ts';
import type { LoadedPolicy } from './load-policy.ts';

/** Stores the proposal, open for signatures. Refuses `policy.…`, `input.not-a`, and `policy.already-open`: one open change a project. */
export async function storeProposal(
  work: Change,
  previous: LoadedPolicy | null,
  proposed: Policy,
): Promise<LoadedPolicy> {
  const bytes = new TextEncoder().encode(renderPolicy(proposed));
  const policy = readPolicy(bytes);
  requireComesAfter(previous && { policy: previous.policy, sha256: previous.sha256 }, policy);
  const { project, version, threshold } = policy;
  const deadline = previous && new Date(work.now.getTime() + limits.policyDeadlineMs);
  const row = {
    deadline,
    ...{ id: randomUUID(), version, bytes, sha256: sha256Hex(bytes), threshold, proposedAt: work.now },
    ...{ projectName: project, proposedBy: actorName(work.actor), state: 'open', openSlot: project },
  };
  await orTaken(work.tx.policy.create({ data: row }), () => refuse('policy.already-open', { project, version }));
  await work.record('policy.proposed', { project, details: { version, sha256: row.sha256, threshold } });
  const { id, sha256, proposedAt } = row;
  const proposedBy = work.actor.kind === 'person' ? work.actor.name : null;
  if (proposedBy === null) throw new Error('Only a person proposes a policy.');
  return {
    id,
    project,
    version,
    state: 'open',
    bytes,
    sha256,
    proposedBy,
    proposedAt,
    effectiveAt: null,
    deadline,
    policy,
  };
}
