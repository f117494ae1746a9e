// For jobs: drafts past their deadline expire, and their versions are free again. One change each, so that one bad draft never
// blocks another; a second run, or two at once, finds nothing left to do.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { stepFrom } from '#lib/core/release.ts';
import { change, requireHit, type Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { loadCase } from '#lib/server/judge/load-case.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { waitsUntil } from '#lib/server/judge/waiting.ts';
import { draftEndedLetter } from '#lib/server/mail/letters/draft-ended.ts';
import { runtime } from '#lib/server/runtime.ts';

const overdueMost = 100;

/** How many expired. Only the jobs program calls it: it has no actor but `jobs`. */
export async function expireDrafts(): Promise<{ expired: number }> {
  const { db, clock } = runtime();
  const where = { state: 'draft', deadline: { lte: clock.now() } };
  const overdue = await db.draft.findMany({
    where,
    select: { id: true },
    orderBy: { deadline: 'asc' },
    take: overdueMost,
  });
  let expired = 0;
  for (const { id } of overdue) if (await expireIfDue(id)) expired += 1;
  return { expired };
}

/** False where somebody was faster; then nothing is changed. */
async function expireIfDue(id: string): Promise<boolean> {
  const { db, clock } = runtime();
  const due = await db.draft.count({ where: { id, state: 'draft', deadline: { lte: clock.now() } } });
  if (due === 0) return false;
  try {
    return await change({ kind: 'jobs' }, 'jobs', (work) => expire(work, id));
  } catch (fault) {
    if (isRefusal(fault)) return false;
    throw fault;
  }
}

async function expire(work: Change, id: string): Promise<boolean> {
  const { tx, now } = work;
  await lockRow(tx, 'Draft', id);
  const row = await tx.draft.findUniqueOrThrow({ where: { id } });
  const loaded = await loadCase(tx, row, now);
  const { draft, policy, verdict, hindrance } = loaded;
  // Enough people have signed in time; what it still waits for is only the waiting time of the policy.
  if (hindrance === null && waitsUntil(loaded, now) !== null)
    throw refuse('draft.not-now', { state: draft.state, step: 'expire' });
  const state = stepFrom(draft.state, 'expire');
  const written = await tx.draft.updateMany({
    where: { id, state: 'draft', deadline: { lte: now } },
    data: { state, versionSlot: null },
  });
  requireHit(written, () => refuse('draft.not-now', { state: draft.state, step: 'expire' }));
  await work.record('draft.expired', {
    project: draft.project,
    draft: draft.id,
    details: { version: draft.version, counted: verdict.counted },
  });
  const letter = draftEndedLetter({
    ...{ project: draft.project, version: draft.version, draft: draft.id, end: 'deadline' },
    ...{ signedBy: verdict.counted, required: verdict.required },
  });
  await tellPeople(
    work,
    policy.policy.people.map((person) => person.name),
    () => letter,
  );
  return true;
}
