// What people say about a draft without signing it, for programs: comments, and what they got when they rebuilt its files.
import { z } from 'zod';
import { commentDraft } from '#lib/server/commands/comment-draft.ts';
import { stateRebuild } from '#lib/server/commands/state-rebuild.ts';
import { takeBackComment } from '#lib/server/commands/take-back-comment.ts';
import { takeBackRebuild } from '#lib/server/commands/take-back-rebuild.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import { draftFacts } from '#lib/server/judge/load-case.ts';
import { loadTalk } from '#lib/server/queries/draft-talk.ts';
import { runtime } from '#lib/server/runtime.ts';
import { fieldsBody } from './body.ts';
import { door, type Asked, type Door } from './door.ts';
import { draftOf } from './draft-doors.ts';
import { requireRevision } from './if-match.ts';
import { paged, pageQuery, pageShape } from './paged.ts';
import { accountName, count, draftId, moment, revisionWish, rowId, seldom, textLike } from './shapes.ts';

const about = 'What people say about drafts';
const done = { 200: z.strictObject({ draft: draftId }) };

const comment = z.strictObject({
  ...{ comment: rowId, person: accountName, revision: count(3), at: moment },
  text: textLike('The changelog names the wrong version.'),
  takenBackAt: seldom(moment).meta({
    examples: [null],
    description: 'When its writer took it back; it is shown struck through.',
  }),
});

async function talkOf({ actor, names }: Pick<Asked, 'actor' | 'names'>) {
  const { db } = runtime();
  const found = await findDraft(db, actor, 'project.see-drafts', draftOf({ names }));
  return loadTalk(db, actor, draftFacts(found.row), found);
}

export const talkDoors: readonly Door[] = [
  door({
    ...{ method: 'GET', path: 'drafts/{draft}/comments', about, scopes: ['read', 'sign'], query: pageQuery },
    says: 'What people wrote about a draft, oldest first, each with the revision that it is about.',
    answers: { 200: pageShape(comment) },
    answer: async (asked) => {
      const { comments } = await talkOf(asked);
      const items = comments.map(({ id, name, revision, at, text, takenBackAt }) => ({
        ...{ comment: id, person: name, revision, at, text, takenBackAt },
      }));
      return paged(asked, items, (one) => one.comment);
    },
  }),
  door({
    ...{ method: 'POST', path: 'drafts/{draft}/comments', about, scopes: ['sign'] },
    says: 'Writes a comment in plain text; the people of the draft are told as they chose.',
    body: fieldsBody(z.strictObject({ text: z.string(), revision: revisionWish }), {
      ...{ text: 'The changelog names the wrong version.', revision: 3 },
    }),
    answers: { 201: z.strictObject({ draft: draftId, comment: rowId }) },
    answer: async (asked) => {
      const { text, revision } = asked.body;
      const wish = { draft: draftOf(asked), text, ...(revision !== undefined && { revision }) };
      return { status: 201, json: await commentDraft(asked.actor, wish) };
    },
  }),
  door({
    ...{ method: 'DELETE', path: 'drafts/{draft}/comments/{comment}', about, scopes: ['sign'] },
    says: 'Takes a comment of yours back; that there was one stays visible.',
    answers: done,
    answer: async (asked) => ({
      json: await takeBackComment(asked.actor, { draft: draftOf(asked), comment: asked.names['comment'] ?? '' }),
    }),
  }),
  door({
    ...{ method: 'POST', path: 'drafts/{draft}/rebuilds', about, scopes: ['sign'], takesIfMatch: true },
    says: 'States that you built files of this revision yourself, and which digests you got. It is shown beside the signatures and counts for none.',
    body: fieldsBody(z.strictObject({ digests: z.string(), recipe: z.string().default(''), revision: revisionWish }), {
      ...{ digests: `${'0'.repeat(64)}  sunrise-1.2.0.tar.gz`, recipe: 'python -m build', revision: 3 },
    }),
    answers: { 201: z.looseObject({ draft: draftId }) },
    answer: async (asked) => {
      const { digests, recipe, revision } = asked.body;
      const expectedRevision = await requireRevision(asked, revision);
      const wish = { draft: draftOf(asked), digests, recipe, ...(expectedRevision && { expectedRevision }) };
      return { status: 201, json: await stateRebuild(asked.actor, wish) };
    },
  }),
  door({
    ...{ method: 'DELETE', path: 'drafts/{draft}/rebuilds/{rebuild}', about, scopes: ['sign'] },
    says: 'Takes such a statement of yours back.',
    answers: done,
    answer: async (asked) => ({
      json: await takeBackRebuild(asked.actor, { draft: draftOf(asked), rebuild: asked.names['rebuild'] ?? '' }),
    }),
  }),
];
