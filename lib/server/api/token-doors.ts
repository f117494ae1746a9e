// What a token is, and what waits for its person.
import { z } from 'zod';
import { scopes } from '#lib/core/people.ts';
import { queueOf } from '#lib/server/queries/queue.ts';
import { runtime } from '#lib/server/runtime.ts';
import { door, type Door } from './door.ts';
import { accountName, count, draftId, indexName, moment, projectName, textLike, versionText } from './shapes.ts';

const about = 'The token';

const queue = z.strictObject({
  index: indexName,
  person: accountName,
  drafts: z.array(
    z.strictObject({
      ...{ draft: draftId, project: projectName, version: versionText, revision: count(3), state: textLike('draft') },
      ...{ openedBy: accountName, openedAt: moment, deadline: moment, files: count(2), bytes: count(96426) },
      ...{
        counted: z.array(accountName),
        required: count(2),
        declinedBy: z.array(accountName).meta({ examples: [[]] }),
        page: z.url(),
      },
    }),
  ),
  policies: z.array(
    z.strictObject({
      ...{ project: projectName, version: count(2), proposedBy: accountName, proposedAt: moment, page: z.url() },
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
        ...{ index: indexName, person: accountName, name: textLike('laptop'), scopes: z.array(z.enum(scopes)) },
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
