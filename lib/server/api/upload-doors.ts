// Large files for programs: one as the body of a PUT, or one that comes in several requests (tus 1.0.0, lib/server/http/tus.ts) and goes into a draft with a
// form that names it (`upload`). Bodies are read as they come.
import { z } from 'zod';
import { receivePut } from '#lib/server/http/receive-put.ts';
import { tusBegin, tusContinue, tusEnd, tusState } from '#lib/server/http/tus.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { draftForPrograms } from '#lib/server/queries/draft-for-programs.ts';
import { waitingUploads } from '#lib/server/queries/uploads.ts';
import { runtime } from '#lib/server/runtime.ts';
import { streamBody } from './body.ts';
import { door, type Asked, type Door } from './door.ts';
import { count, draftShape, fileName, moment, rowId, sha256Text } from './shapes.ts';

const about = 'Large files';
const uploadOf = ({ names }: Pick<Asked, 'names'>): string => names['upload'] ?? '';

const upload = z.strictObject({
  ...{ id: rowId, name: fileName, size: count(48213), sha256: sha256Text },
  offset: count(16384).meta({ description: 'Where it goes on.' }),
  ...{ isComplete: z.boolean().meta({ examples: [false] }), keptUntil: moment },
});

const nothing = { media: null, says: 'Nothing; where it stands is in the headers.' };

const spoken = { 'Tus-Resumable': '“1.0.0”.' };
const stands = {
  ...{ ...spoken, 'Upload-Offset': 'Where it goes on.', 'Upload-Length': 'All of it, in bytes.' },
  ...{
    'Upload-Expires': 'Until when it is kept.',
    'Repr-Digest': 'Once all of it is here: the digest that was computed.',
  },
};

export const uploadDoors: readonly Door[] = [
  door({
    ...{ method: 'PUT', path: 'projects/{project}/files/{file}', about, scopes: ['upload'] },
    says: 'Puts a file into the draft of its version, which it opens where there is none. Its digest stands in `Repr-Digest` (RFC 9530).',
    body: streamBody,
    takes: { 'Repr-Digest': 'The digest of the file: “sha-256=:BASE64:” (RFC 9530).' },
    answers: { 200: draftShape, 201: draftShape },
    admit: ({ actor, names }) => requireRight(runtime().db, actor, 'draft.open', names['project'] ?? ''),
    answer: async ({ actor, names, req }) => {
      const { draft, did } = await receivePut(
        actor,
        { project: names['project'] ?? '', name: names['file'] ?? '' },
        req,
      );
      return { status: did === 'opened' ? 201 : 200, json: await draftForPrograms(actor, { draft }) };
    },
  }),
  door({
    ...{ method: 'GET', path: 'projects/{project}/uploads', about, scopes: ['upload'] },
    says: 'One’s own uploads to a project that no draft has yet: how far each came, and until when it is kept.',
    answers: { 200: z.strictObject({ uploads: z.array(upload) }) },
    answer: async ({ actor, names }) => ({ json: { uploads: await waitingUploads(actor, names['project'] ?? '') } }),
  }),
  door({
    ...{ method: 'POST', path: 'projects/{project}/uploads', about, scopes: ['upload'] },
    says: 'Begins an upload that may come in several requests (tus): `Upload-Length`, and `Upload-Metadata` with filename and sha256.',
    isRepeatable: true,
    takes: {
      ...{ ...spoken, 'Upload-Length': 'All of it, in bytes.' },
      'Upload-Metadata': '“filename BASE64,sha256 BASE64”.',
    },
    gives: { ...stands, Location: 'The address of the upload.' },
    answers: { 201: z.strictObject({ id: rowId }) },
    answer: async ({ actor, names, req }) => {
      const { status, headers, id } = await tusBegin(
        actor,
        names['project'] ?? '',
        req,
        (id) => `/api/v1/uploads/${id}`,
      );
      return { status, headers, json: { id } };
    },
  }),
  door({
    ...{ method: 'GET', path: 'uploads/{upload}', about, scopes: ['upload'] },
    says: 'Where an upload goes on (tus asks with HEAD): `Upload-Offset`, `Upload-Length`, and `Repr-Digest` once all of it is here.',
    ...{ takes: spoken, gives: stands },
    answers: { 200: z.strictObject({ id: rowId }) },
    answer: async (asked) => {
      const { headers, id } = await tusState(asked.actor, uploadOf(asked), asked.req);
      return { headers, json: { id } };
    },
  }),
  door({
    ...{ method: 'PATCH', path: 'uploads/{upload}', about, scopes: ['upload'] },
    says: 'Goes on with an upload at `Upload-Offset` (tus). What came before a connection broke stays.',
    body: { ...streamBody, media: { 'application/offset+octet-stream': undefined } },
    ...{ takes: { ...spoken, 'Upload-Offset': 'Where these bytes begin.' }, gives: stands },
    answers: { 204: nothing },
    answer: async (asked) => ({ empty: await tusContinue(asked.actor, uploadOf(asked), asked.req) }),
  }),
  door({
    ...{ method: 'DELETE', path: 'uploads/{upload}', about, scopes: ['upload'] },
    says: 'Ends an upload, and removes what came of it (tus).',
    ...{ takes: spoken, gives: spoken },
    answers: { 204: nothing },
    answer: async (asked) => ({ empty: await tusEnd(asked.actor, uploadOf(asked), asked.req) }),
  }),
];
