// For jobs: drafts whose waiting time is over are approved, if enough signatures still count and nothing holds them back. One change each, judged
// anew under the lock; a second run, or two at once, finds nothing left to do.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { loadCase } from '#lib/server/judge/load-case.ts';
import { settleDraft } from '#lib/server/judge/settle-draft.ts';
import { waitsUntil } from '#lib/server/judge/waiting.ts';
import { runtime } from '#lib/server/runtime.ts';

const waitingMost = 100;

/** How many were approved. Only the jobs program calls it: it has no actor but `jobs`. */
export async function approveWaited(): Promise<{ approved: number }> {
  const { db, clock } = runtime();
  const where = { state: 'draft', metAt: { not: null } };
  const waiting = await db.draft.findMany({ where, orderBy: { metAt: 'asc' }, take: waitingMost });
  let approved = 0;
  for (const row of waiting) {
    const loaded = await loadCase(db, row, clock.now());
    const isReady = loaded.verdict.met && loaded.hindrance === null && waitsUntil(loaded, clock.now()) === null;
    if (isReady && (await approve(row.id))) approved += 1;
  }
  return { approved };
}

/** False where it moved on meanwhile; then nothing is changed. */
async function approve(id: string): Promise<boolean> {
  try {
    return await change({ kind: 'jobs' }, 'jobs', async (work) => {
      await lockRow(work.tx, 'Draft', id);
      const before = await work.tx.draft.findUniqueOrThrow({ where: { id }, select: { state: true } });
      const { draft } = await settleDraft(work, id);
      if (before.state !== 'draft' || draft.state !== 'approved')
        throw refuse('draft.not-now', { state: draft.state, step: 'approve' });
      return true;
    });
  } catch (fault) {
    if (isRefusal(fault)) return false;
    throw fault;
  }
}
