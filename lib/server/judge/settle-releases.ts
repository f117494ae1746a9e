// After a key ended or a strike is in force: which published releases no longer meet their threshold? Core decides (load-case.ts). The row and
// history say so at once; only the countersigner moves a release, so everything else follows from its next record (mark-serial.ts).
// It is told where to look again: certificates go to it only when a project says that they changed.
import type { Fingerprint, ProjectName } from '#lib/core/ids.ts';
import type { Policy } from '#lib/core/policy.ts';
import type { Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { loadCase } from './load-case.ts';

/** A certificate changed: the countersigner asks for it again in every project that it concerns, and what it signed is judged anew. */
export async function settleReleasesOfKey(change: Change, key: Fingerprint): Promise<void> {
  const { tx, now } = change;
  const signed = { drafts: { some: { signatures: { some: { key } } } } };
  const owned = await tx.key.findUniqueOrThrow({ where: { fingerprint: key }, select: { personName: true } });
  const named = { memberships: { some: { personName: owned.personName } } };
  await tx.project.updateMany({ where: { OR: [signed, named] }, data: { keysChangedAt: now } });
  await settleWhere(change, { signatures: { some: { key } } });
}

/** A policy with strikes came into force: what the struck keys signed in this project is judged anew. */
export async function settleReleasesStruck(change: Change, project: ProjectName, { struck }: Policy): Promise<void> {
  const keys = struck.flatMap((entry) => entry.keys);
  if (keys.length === 0) return;
  await settleWhere(change, { projectName: project, signatures: { some: { key: { in: keys } } } });
}

type Where = { projectName?: ProjectName; signatures: { some: { key: Fingerprint | { in: Fingerprint[] } } } };

/** In the order of their ids, so that two such changes never wait for each other in a ring. */
async function settleWhere(change: Change, which: Where): Promise<void> {
  const where = { state: 'published', belowSince: null, ...which };
  const rows = await change.tx.draft.findMany({ where, select: { id: true }, orderBy: { id: 'asc' } });
  for (const { id } of rows) await settleRelease(change, id);
}

async function settleRelease(change: Change, id: string): Promise<void> {
  const { tx, now } = change;
  await lockRow(tx, 'Draft', id);
  const row = await tx.draft.findUniqueOrThrow({ where: { id } });
  const { draft, verdict } = await loadCase(tx, row, now);
  if (verdict.met) return;
  const written = await tx.draft.updateMany({
    where: { id, state: 'published', belowSince: null },
    data: { belowSince: now },
  });
  if (written.count === 0) return;
  const details = { version: draft.version, counted: verdict.required - verdict.missing, required: verdict.required };
  await change.record('release.below-threshold', { project: draft.project, draft: draft.id, details });
}
