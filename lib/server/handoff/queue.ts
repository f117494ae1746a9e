// What there is for the countersigner to look at: every project with a policy in force, every draft that is open, approved or quarantined. It is a
// list of wishes; the countersigner believes nothing in it.
import type { IndexName } from '#lib/core/ids.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { runtime } from '#lib/server/runtime.ts';
import { waitingChain } from './evidence-of-project.ts';

export type HandoffQueue = {
  index: IndexName;
  /** The newest hand-back that we hold; 0: none. */
  sequence: number;
  /** Its digest, by which the countersigner sees that it was its own. */
  handback: string | null;
  /**
   * `policy`: the one in force, or a new chain after it that waits to be confirmed; `declarations`: how many of owners wait; `mark` changes
   * with its people's certificates.
   */
  projects: { name: string; policy: number; declarations: number; mark: string }[];
  /** `mark` changes with whatever there is to see in the draft. */
  drafts: { id: string; project: string; version: string; state: string; mark: string }[];
  /** Changes with anything else in here. */
  mark: string;
};

/** The queue, oldest wish first. */
export async function handoffQueue(): Promise<HandoffQueue> {
  const { db, indexName } = runtime();
  const newest = await db.handback.findFirst({ orderBy: { id: 'desc' }, select: { id: true, sha256: true } });
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
  const queue = {
    index: indexName,
    sequence: newest ? Number(newest.id) : 0,
    handback: newest?.sha256 ?? null,
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
  return { ...queue, mark: sha256Hex(JSON.stringify(queue)) };
}
