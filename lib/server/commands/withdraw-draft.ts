// Withdraws a draft that is not published, with the reason: an owner may, and whoever opened it. Its version is free again; its files stay in the
// store by digest, its signatures count nowhere else.
import { readReason } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import type { DraftId, ProjectName } from '#lib/core/ids.ts';
import { requireMay, type Actor } from '#lib/core/people.ts';
import { stepFrom } from '#lib/core/release.ts';
import { change, requireHit, viaOf } from '#lib/server/change.ts';
import { lockDraft } from '#lib/server/judge/find-draft.ts';
import { loadCase } from '#lib/server/judge/load-case.ts';
import { othersThan, tellPeople } from '#lib/server/judge/tell-people.ts';
import { draftEndedLetter } from '#lib/server/mail/letters/draft-ended.ts';

/** @throws `person.…`, `draft.not-found`, `draft.not-now`, `input.…` for the reason */
export async function withdrawDraft(
  actor: Actor,
  input: { draft: string; reason: string },
): Promise<{ draft: DraftId; project: ProjectName }> {
  return change(actor, viaOf(actor), async (work) => {
    const { tx, now } = work;
    const { row, role, name } = await lockDraft(tx, actor, 'project.see-drafts', input.draft);
    const { draft, policy, verdict } = await loadCase(tx, row, now);
    if (name !== draft.openedBy) requireMay(actor, role, 'draft.withdraw', draft.project);
    const reason = readReason(input.reason);
    const state = stepFrom(draft.state, 'withdraw');
    const written = await tx.draft.updateMany({
      where: { id: draft.id, state: draft.state },
      data: { state, versionSlot: null, withdrawnBy: name, withdrawReason: reason },
    });
    requireHit(written, () => refuse('draft.moved-on', { revision: draft.revision }));
    await work.record('draft.withdrawn', {
      project: draft.project,
      draft: draft.id,
      details: { version: draft.version, was: draft.state, reason },
    });
    const letter = draftEndedLetter({
      ...{ project: draft.project, version: draft.version, draft: draft.id, end: { by: name, reason } },
      ...{ signedBy: verdict.counted, required: verdict.required },
    });
    await tellPeople(
      work,
      othersThan(
        work,
        policy.policy.people.map((person) => person.name),
      ),
      () => letter,
    );
    return { draft: draft.id, project: draft.project };
  });
}
