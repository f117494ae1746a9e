// A new address at which a draft can be tried, and the end of the one before: for a draft from before there were any, or when the address got where it
// should not be. An owner may, and whoever opened the draft.
import { refuse } from '#lib/core/errors.ts';
import type { DraftId } from '#lib/core/ids.ts';
import { requireAsking, requireMay, type Actor } from '#lib/core/people.ts';
import { canBeTried } from '#lib/core/release.ts';
import { change, viaOf, type Change } from '#lib/server/change.ts';
import { lockDraft } from '#lib/server/judge/find-draft.ts';
import { draftFacts, type DraftFacts } from '#lib/server/judge/load-case.ts';
import { endLive, makePreview } from '#lib/server/judge/preview.ts';

/** @throws `person.…`, `draft.not-found`, `preview.not-now` */
export async function renewPreview(actor: Actor, input: { draft: string }): Promise<{ draft: DraftId }> {
  requireAsking(actor, 'draft.preview');
  return change(actor, viaOf(actor), async (work) => {
    const { id, project, version, state, revision } = await lockManaged(work, input.draft);
    if (!canBeTried(state)) throw refuse('preview.not-now', { state });
    await makePreview(work, { id, revision });
    await work.record('preview.made', { project, draft: id, details: { version, revision } });
    return { draft: id };
  });
}

/** Ends the address, until somebody makes a new one or the files change. @throws `person.…`, `draft.not-found`, `preview.none-live` */
export async function endPreview(actor: Actor, input: { draft: string }): Promise<{ draft: DraftId }> {
  const by = requireAsking(actor, 'draft.preview');
  return change(actor, viaOf(actor), async (work) => {
    const { id, project, version, revision } = await lockManaged(work, input.draft);
    if (!(await endLive(work.tx, { draftId: id, now: work.now, by }))) throw refuse('preview.none-live', {});
    await work.record('preview.ended', { project, draft: id, details: { version, revision } });
    return { draft: id };
  });
}

async function lockManaged({ tx, actor }: Change, claimed: string): Promise<DraftFacts> {
  const { row, role, name } = await lockDraft(tx, actor, 'project.see-drafts', claimed);
  const draft = draftFacts(row);
  if (name !== draft.openedBy) requireMay(actor, role, 'draft.preview', draft.project);
  return draft;
}
