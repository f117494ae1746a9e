// What a token is, and what waits for its person.
import { z } from 'zod';
import { scopes } from '#lib/core/people.ts';
import { queueOf } from '#lib/server/queries/queue.ts';
import { runtime } from '#lib/server/runtime.ts';
import { door, type Door } from './door.ts';
import { accountName, draftId, moment, projectName, versionText } from './shapes.ts';

const about = 'The token';

const queue = z.strictObject({
  index: z.string(),
  person: accountName,
  drafts: z.array(
    z.strictObject({
      ...{ draft: draftId, project: projectName, version: versionText, revision: z.int(), state: z.string() },
      ...{ openedBy: accountName, openedAt: moment, deadline: moment, files: z.int(), bytes: z.int() },
      ...{ counted: z.array(accountName), required: z.int(), declinedBy: z.array(accountName), page: z.url() },
    }),
  ),
  policies: z.array(
    z.strictObject({
      ...{ project: projectName, version: z.int(), proposedBy: accountName, proposedAt: moment, page: z.url() },
    }),
  ),
});

export const tokenDoors: readonly Door[] = [
  door({
    ...{
      method: 'GET',
      path: 'token',
      about,
      scopes: [],
      says: 'Whose token this is, what it is called and what it may do.',
    },
    answers: {
      200: z.strictObject({
        ...{ index: z.string(), person: accountName, name: z.string(), scopes: z.array(z.enum(scopes)) },
        project: projectName
          .nullable()
          .meta({ description: 'The one project that it is for; null: all of its person’s.' }),
      }),
    },
    answer: ({ actor: { name: person, label: name, scopes: held, project } }) =>
      Promise.resolve({ json: { index: runtime().indexName, person, name, scopes: held, project } }),
  }),
  door({
    ...{ method: 'GET', path: 'queue', about, scopes: ['queue', 'sign'] },
    says: 'The drafts and policies that need the person’s signature.',
    answers: { 200: queue },
    answer: async ({ actor }) => ({ json: await queueOf(actor) }),
  }),
];
