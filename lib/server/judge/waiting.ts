// The waiting time of a policy in the web program: since when enough people have signed, and until when their draft waits before it is approved.
// It starts anew with every revision, and whenever too few had signed in between, as the countersigner's own does; nobody believes ours.
import { renderInstant } from '#lib/core/ids.ts';
import { waitEnds } from '#lib/core/policy.ts';
import type { Change } from '#lib/server/change.ts';
import { draftWaitsLetter } from '#lib/server/mail/letters/draft-waits.ts';
import { draftFacts, type LoadedCase } from './load-case.ts';
import { tellPeople } from './tell-people.ts';

/** Until when a draft with enough signatures waits; null: it does not wait (for time). */
export function waitsUntil({ draft, policy, verdict }: LoadedCase, now: Date): Date | null {
  const { metAt } = draft.row;
  if (!verdict.met || metAt === null) return null;
  const end = waitEnds(policy.policy, metAt.getTime());
  return end > now.getTime() ? new Date(end) : null;
}

/** Keeps since when the verdict is met. The caller holds the lock on the draft's row. Whoever may decline hears that the time runs. */
export async function noteMet(work: Change, loaded: LoadedCase): Promise<LoadedCase> {
  const { draft, verdict } = loaded;
  const metAt = verdict.met ? (draft.row.metAt ?? work.now) : null;
  if (metAt?.getTime() === draft.row.metAt?.getTime()) return loaded;
  const row = await work.tx.draft.update({ where: { id: draft.id }, data: { metAt } });
  const noted = { ...loaded, draft: draftFacts(row) };
  const until = waitsUntil(noted, work.now);
  if (until !== null && draft.state === 'draft') await tellOfWait(work, noted, until);
  return noted;
}

async function tellOfWait(work: Change, { draft, policy, verdict }: LoadedCase, until: Date): Promise<void> {
  const { id, project, version, revision } = draft;
  const details = { version, revision, until: renderInstant(until.getTime()), counted: verdict.counted };
  await work.record('draft.waits', { project, draft: id, details });
  const letter = draftWaitsLetter({ project, version, draft: id, signedBy: verdict.counted, until });
  const people = policy.policy.people.map(({ name }) => name);
  await tellPeople(work, people, () => letter);
}
