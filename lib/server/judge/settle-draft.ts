// After whatever may have moved a verdict (a signature, a file, a policy, a revocation) or holds a draft back (a decline), the state follows:
// met, free and waited → approved, approved but no longer so → draft again. One conditional write under the row’s lock: it happens exactly once.
import { refuse } from '#lib/core/errors.ts';
import { readProjectName, type Fingerprint, type ProjectName } from '#lib/core/ids.ts';
import { stepFrom } from '#lib/core/release.ts';
import { requireHit, type Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { draftApprovedLetter } from '#lib/server/mail/letters/draft-approved.ts';
import { loadCase, type LoadedCase } from './load-case.ts';
import { settleReleasesOfKey } from './settle-releases.ts';
import { tellPeople } from './tell-people.ts';
import { noteMet, waitsUntil } from './waiting.ts';

/** Judges the draft anew and moves it. The caller holds the lock on its row. */
export async function settleDraft(change: Change, id: string): Promise<LoadedCase> {
  const row = await change.tx.draft.findUniqueOrThrow({ where: { id } });
  return settleCase(change, await loadCase(change.tx, row, change.now));
}

/** The same for a draft that is judged already, with everything that the change does to it. */
export async function settleCase(change: Change, judged: LoadedCase): Promise<LoadedCase> {
  const loaded = await noteMet(change, judged);
  const { state } = loaded.draft;
  const isReady = loaded.verdict.met && loaded.hindrance === null && waitsUntil(loaded, change.now) === null;
  if (state === 'draft' && isReady) return move(change, loaded, 'approve');
  if (state === 'approved' && !isReady) return move(change, loaded, 'reopen');
  return loaded;
}

async function move(change: Change, loaded: LoadedCase, step: 'approve' | 'reopen'): Promise<LoadedCase> {
  const { draft, verdict } = loaded;
  const state = stepFrom(draft.state, step);
  const written = await change.tx.draft.updateMany({
    where: { id: draft.id, state: draft.state, revision: draft.revision },
    data: { state, approvedAt: step === 'approve' ? change.now : null },
  });
  requireHit(written, () => refuse('draft.moved-on', { revision: draft.revision }));
  const details = {
    counted: verdict.counted,
    required: verdict.required,
    revision: draft.revision,
    policy: loaded.policy.version,
    ...(loaded.hindrance && { heldBack: loaded.hindrance.code }),
  };
  await change.record(step === 'approve' ? 'draft.approved' : 'draft.reopened', {
    project: draft.project,
    draft: draft.id,
    details,
  });
  if (step === 'approve') await tellApproved(change, loaded);
  return { ...loaded, draft: { ...draft, state, approvedAt: step === 'approve' ? change.now : null } };
}

/** Everybody of the project: whoever finds something wrong has only until the countersigner is done. */
async function tellApproved(change: Change, { draft, policy, verdict }: LoadedCase): Promise<void> {
  const { project, version, id, revision } = draft;
  const { counted: signedBy, required } = verdict;
  const letter = draftApprovedLetter({ project, version, draft: id, revision, signedBy, required });
  const people = policy.policy.people.map(({ name }) => name);
  await tellPeople(change, people, () => letter);
}

/** Settles every open draft of a project, in the order of their ids, so that two such changes never wait for each other in a ring. */
export async function settleDrafts(change: Change, project: ProjectName): Promise<LoadedCase[]> {
  const where = { projectName: project, state: { in: ['draft', 'approved'] } };
  const rows = await change.tx.draft.findMany({ where, select: { id: true }, orderBy: { id: 'asc' } });
  const settled: LoadedCase[] = [];
  for (const { id } of rows) {
    await lockRow(change.tx, 'Draft', id);
    settled.push(await settleDraft(change, id));
  }
  return settled;
}

/** Settles drafts and releases after a key changed (a revocation, an end): those of its owner's projects, and what it signed. */
export async function settleProjectsOfKey(change: Change, key: Fingerprint): Promise<void> {
  const owner = await change.tx.key.findUniqueOrThrow({ where: { fingerprint: key }, select: { personName: true } });
  const memberships = await change.tx.membership.findMany({
    where: { personName: owner.personName },
    orderBy: { projectName: 'asc' },
  });
  for (const { projectName } of memberships) await settleDrafts(change, readProjectName(projectName));
  await settleReleasesOfKey(change, key);
}
