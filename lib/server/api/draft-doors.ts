// Drafts for programs: reading one, its statement and files; handing in a signature, declining, opening one, changing its files.
import { z } from 'zod';
import { addSignature, type AddedSignature } from '#lib/server/commands/add-signature.ts';
import { declineDraft } from '#lib/server/commands/decline-draft.ts';
import { changeOfForm, openOfForm } from '#lib/server/http/receive-draft.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { draftForPrograms } from '#lib/server/queries/draft-for-programs.ts';
import { draftFile, statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { runtime } from '#lib/server/runtime.ts';
import { fieldsBody, filesBody, signatureBody } from './body.ts';
import { door, type Asked, type Door } from './door.ts';
import { statementExample } from './examples.ts';
import { requireRevision } from './if-match.ts';
import { accountName, count, draftId, draftShape, outcomes, reasonText, revisionWish, textLike } from './shapes.ts';

const about = 'Drafts';
const revisionQuery = z.object({ revision: revisionWish });

const added = z.strictObject({
  ...{ draft: draftId, revision: count(3), state: textLike('draft'), counts: z.boolean(), signed: z.int() },
  ...{
    required: count(2),
    standing: textLike('1 of 2 signatures; bo could still sign.'),
    couldStillSign: z.array(accountName),
    outcomes,
  },
});

export const pageOf = (draft: string): string => `${runtime().config.publicUrl}/drafts/${draft}`;
export const draftOf = ({ names }: Pick<Asked, 'names'>): string => names['draft'] ?? '';
export const projectOf = ({ names }: Pick<Asked, 'names'>): string => names['project'] ?? '';

export const draftDoors: readonly Door[] = [
  door({
    ...{ method: 'GET', path: 'drafts/{draft}', about, scopes: [] },
    says: 'How a draft stands, what is signed, its files, and the reader’s keys that would count.',
    answers: { 200: draftShape },
    answer: async (asked) => ({ json: await draftForPrograms(asked.actor, { draft: draftOf(asked) }) }),
  }),
  door({
    ...{ method: 'GET', path: 'projects/{project}/releases/{version}', about, scopes: [] },
    says: 'The same for the draft of a version that was opened last.',
    answers: { 200: draftShape },
    answer: async ({ actor, names: { project = '', version = '' } }) => ({
      json: await draftForPrograms(actor, { project, version }),
    }),
  }),
  door({
    ...{ method: 'GET', path: 'drafts/{draft}/SHA256SUMS', about, scopes: [] },
    says: 'The statement of the current revision, byte for byte: what is signed.',
    answers: { 200: { media: 'text/plain', says: 'The statement.', example: statementExample } },
    answer: async (asked) => ({ bytes: await statementBytes(asked.actor, draftOf(asked)) }),
  }),
  door({
    ...{ method: 'GET', path: 'drafts/{draft}/files/{file}', about, scopes: [] },
    says: 'A file of the current revision; ranges are answered.',
    answers: { 200: { media: 'application/octet-stream', says: 'The file.' } },
    answer: async (asked) => ({ stored: await draftFile(asked.actor, draftOf(asked), asked.names['file'] ?? '') }),
  }),
  door({
    ...{ method: 'POST', path: 'drafts/{draft}/signatures', about, scopes: ['sign'], takesIfMatch: true },
    says: 'Hands in a detached signature, armored or binary, of at most 64 KiB. It is made elsewhere: nothing here signs.',
    query: revisionQuery,
    body: signatureBody,
    answers: { 200: added, 422: added },
    admit: (asked) => findDraft(runtime().db, asked.actor, 'signature.add', draftOf(asked)),
    answer: async (asked) => {
      const { actor, body: signature, query } = asked;
      const expectedRevision = await requireRevision(asked, query.revision);
      const wish = {
        draft: draftOf(asked),
        signature,
        way: 'api' as const,
        ...(expectedRevision && { expectedRevision }),
      };
      return sayAdded(await addSignature(actor, wish));
    },
  }),
  door({
    ...{ method: 'POST', path: 'drafts/{draft}/decline', about, scopes: ['sign'], takesIfMatch: true },
    says: 'Declines a draft, with a reason that its people read. It is held back until that is lifted.',
    body: fieldsBody(z.object({ reason: reasonText, revision: revisionWish }), {
      ...{ reason: 'The changelog is missing.', revision: 3 },
    }),
    answers: { 200: z.looseObject({ draft: draftId, page: z.url() }) },
    admit: (asked) => findDraft(runtime().db, asked.actor, 'draft.decline', draftOf(asked)),
    answer: async (asked) => {
      const { actor, body } = asked;
      const draft = draftOf(asked);
      const expectedRevision = await requireRevision(asked, body.revision);
      const declined = await declineDraft(actor, {
        ...{ draft, reason: body.reason },
        ...(expectedRevision && { expectedRevision }),
      });
      return { json: { ...declined, page: pageOf(draft) } };
    },
  }),
  door({
    ...{ method: 'POST', path: 'projects/{project}/drafts', about, scopes: ['upload'] },
    says: 'Opens a draft with these files.',
    body: filesBody,
    answers: { 201: draftShape },
    admit: (asked) => requireRight(runtime().db, asked.actor, 'draft.open', projectOf(asked)),
    answer: async (asked) => {
      const { draft } = await openOfForm(asked.actor, projectOf(asked), asked.body);
      return { status: 201, json: await draftForPrograms(asked.actor, { draft }) };
    },
  }),
  door({
    ...{ method: 'POST', path: 'drafts/{draft}/files', about, scopes: ['upload'], takesIfMatch: true },
    says: 'Adds files to a draft, or puts them in place of those with their name (“remove” names what is left out). A new revision: what was signed is signed anew.',
    body: filesBody,
    answers: { 200: draftShape },
    admit: (asked) => findDraft(runtime().db, asked.actor, 'draft.change-files', draftOf(asked)),
    answer: async (asked) => {
      const { draft } = await changeOfForm(asked.actor, draftOf(asked), asked.body, await requireRevision(asked));
      return { json: await draftForPrograms(asked.actor, { draft }) };
    },
  }),
];

function sayAdded(all: AddedSignature): { status: number; json: object } {
  const { draft, revision, state, signed, required, standing, couldStillSign } = all;
  const told = all.outcomes.map(({ result, person, key, over, reason, says }) => ({
    ...{ result, person, key, over, reason, says },
  }));
  const counts = told.some(({ result }) => result !== 'refused');
  const json = { draft, revision, state, counts, signed, required, standing, couldStillSign, outcomes: told };
  return { status: counts ? 200 : 422, json };
}
