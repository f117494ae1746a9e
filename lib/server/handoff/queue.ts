// What there is for the countersigner to look at: every project with a policy in force, every draft that is open, approved or quarantined. It is a
// list of wishes; the countersigner believes nothing in it. Asking for it is how we know that the countersigner is there.
import type { IndexName } from '#lib/core/ids.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { runtime } from '#lib/server/runtime.ts';
import { waitingChain } from './evidence-of-project.ts';

export type HandoffQueue = {
  index: IndexName;
  /** The newest hand-back that we hold; 0: none. */
  sequence: number;
  /**
   * `policy`: the one in force, or a new chain after it that waits to be confirmed; `declarations`: how many of owners wait; `mark` changes
   * with its people's certificates.
   */
  projects: { name: string; policy: number; declarations: number; mark: string }[];
  /** `mark` changes with whatever there is to see in the draft. */
  drafts: { id: string; project: string; version: string; state: string; mark: string }[];
};

/** The queue, oldest wish first; remembers that the countersigner was heard of. */
export async function handoffQueue(): Promise<HandoffQueue> {
  const { db, indexName, clock } = runtime();
  const seenAt = clock.now();
  await db.countersignerContact.upsert({ where: { id: 1 }, create: { id: 1, seenAt }, update: { seenAt } });
  const newest = await db.handback.findFirst({ orderBy: { id: 'desc' }, select: { id: true } });
  const projects = await db.project.findMany({
    where: { policyInForce: { not: null } },
    include: { _count: { select: { declarations: { where: { state: 'signed' } } } } },
    orderBy: { name: 'asc' },
  });
  const waiting = await db.policy.findMany({
    where: waitingChain,
    select: { projectName: true, version: true },
  });
  const newestOf = new Map(waiting.map(({ projectName, version }) => [projectName, version]));
  const drafts = await db.draft.findMany({
    where: { state: { in: ['draft', 'approved', 'quarantined'] } },
    include: {
      project: { select: { policyInForce: true } },
      signatures: { where: { takenBackAt: null }, select: { packetSha256: true }, orderBy: { packetSha256: 'asc' } },
      declines: { where: { liftedAt: null }, select: { id: true }, orderBy: { id: 'asc' } },
    },
    orderBy: [{ approvedAt: 'asc' }, { openedAt: 'asc' }, { id: 'asc' }],
  });
  return {
    index: indexName,
    sequence: newest ? Number(newest.id) : 0,
    projects: projects.map(({ name, policyInForce, keysChangedAt, _count }) => ({
      ...{ name, policy: newestOf.get(name) ?? policyInForce ?? 0 },
      declarations: _count.declarations,
      mark: keysChangedAt?.toISOString() ?? '',
    })),
    drafts: drafts.map(({ id, projectName, version, state, revision, project, signatures, declines }) => {
      const seen = [...signatures.map((entry) => entry.packetSha256), ...declines.map((entry) => entry.id)];
      const mark = sha256Hex([project.policyInForce, revision, ...seen].join(' '));
      return { id, project: projectName, version, state, mark };
    }),
  };
}
