// Takes back what one stated about a rebuild: it is shown no more; history keeps that it was said.
import { refuse } from '#lib/core/errors.ts';
import type { DraftId } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { change, requireHit, viaOf } from '#lib/server/change.ts';
import { lockDiscussed } from '#lib/server/judge/words.ts';

/** `rebuild`: the id of one. @throws `person.…`, `token.…`, `draft.not-found`, `draft.ended`, `rebuild.not-found` */
export async function takeBackRebuild(
  actor: Actor,
  input: { draft: string; rebuild: string },
): Promise<{ draft: DraftId }> {
  return change(actor, viaOf(actor), async (work) => {
    const { draft, name } = await lockDiscussed(work, 'draft.rebuild', input.draft);
    const mine = { id: input.rebuild, draftId: draft.id, personName: name, endedAt: null };
    const written = await work.tx.rebuild.updateMany({ where: mine, data: { endedAt: work.now, standingSlot: null } });
    requireHit(written, () => refuse('rebuild.not-found', {}));
    const { id, project, version } = draft;
    await work.record('rebuild.taken-back', { project, draft: id, person: name, details: { version } });
    return { draft: id };
  });
}
