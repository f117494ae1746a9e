// Says something about a draft, in several lines of text, at the revision that was looked at. Everybody of the project reads it, in the page and by
// mail; it stays in history. It moves nothing: neither signatures nor the draft.
import { randomUUID } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import type { DraftId } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { readWords } from '#lib/core/words.ts';
import { change, viaOf, type Change } from '#lib/server/change.ts';
import type { DraftFacts } from '#lib/server/judge/load-case.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { listenersOf, lockDiscussed, requireSaying } from '#lib/server/judge/words.ts';
import { limits } from '#lib/server/limits.ts';
import { draftCommentedLetter } from '#lib/server/mail/letters/draft-commented.ts';

export type CommentDraftInput = {
  draft: string;
  /** Hostile. */
  text: string;
  /** The revision that was looked at; without it, the newest. */
  revision?: number;
};

/** @throws `person.…`, `token.…`, `draft.not-found`, `draft.ended`, `draft.moved-on`, `comment.too-many`, `request.too-many`, `input.…` */
export async function commentDraft(
  actor: Actor,
  input: CommentDraftInput,
): Promise<{ draft: DraftId; comment: string }> {
  await requireSaying(actor, 'draft.comment');
  return change(actor, viaOf(actor), async (work) => {
    const { draft, name } = await lockDiscussed(work, 'draft.comment', input.draft);
    const text = readWords(input.text, 'the comment');
    const revision = readRevision(input.revision ?? draft.revision, draft);
    await requireRoom(work, draft);
    const { id, project, version } = draft;
    const comment = randomUUID();
    const row = { id: comment, draftId: id, revision, personName: name, text, writtenAt: work.now };
    await work.tx.comment.create({ data: row });
    await work.record('comment.written', {
      project,
      draft: id,
      person: name,
      details: { version, revision, words: text },
    });
    const letter = draftCommentedLetter({
      ...{ project, version, draft: id, revision, newest: draft.revision, by: name, text },
    });
    await tellPeople(work, await listenersOf(work, draft), () => letter);
    return { draft: id, comment };
  });
}

/** One that the draft has or had. */
function readRevision(claimed: number, draft: DraftFacts): number {
  if (Number.isSafeInteger(claimed) && claimed >= 1 && claimed <= draft.revision) return claimed;
  throw refuse('draft.moved-on', { revision: draft.revision });
}

async function requireRoom({ tx }: Change, draft: DraftFacts): Promise<void> {
  const count = await tx.comment.count({ where: { draftId: draft.id } });
  if (count >= limits.commentsPerDraftMax) throw refuse('comment.too-many', { most: limits.commentsPerDraftMax });
}
