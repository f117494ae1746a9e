// Takes one's own comment back: it stays where it was, struck through, with the moment; history and the mails that went out keep it.
import { refuse } from '#lib/core/errors.ts';
import type { DraftId } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { change, requireHit, viaOf } from '#lib/server/change.ts';
import { lockDiscussed } from '#lib/server/judge/words.ts';

/** `comment`: the id of one. @throws `person.…`, `token.…`, `draft.not-found`, `draft.ended`, `comment.not-found` */
export async function takeBackComment(
  actor: Actor,
  input: { draft: string; comment: string },
): Promise<{ draft: DraftId }> {
  return change(actor, viaOf(actor), async (work) => {
    const { draft, name } = await lockDiscussed(work, 'draft.comment', input.draft);
    const mine = { id: input.comment, draftId: draft.id, personName: name, takenBackAt: null };
    const written = await work.tx.comment.updateMany({ where: mine, data: { takenBackAt: work.now } });
    requireHit(written, () => refuse('comment.not-found', {}));
    const { id, project, version } = draft;
    await work.record('comment.taken-back', { project, draft: id, person: name, details: { version } });
    return { draft: id };
  });
}
