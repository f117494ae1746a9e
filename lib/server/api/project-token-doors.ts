// The tokens of projects, for programs: which there are, and revoking one. None is made here, and webhooks are not shown: their addresses can be secrets.
import { z } from 'zod';
import { revokeProjectToken } from '#lib/server/commands/revoke-project-token.ts';
import { projectTokens } from '#lib/server/queries/programs-page.ts';
import { door, type Door } from './door.ts';
import { projectOf } from './draft-doors.ts';
import { paged, pageQuery, pageShape } from './paged.ts';
import { accountName, moment, rowId, textLike } from './shapes.ts';

const about = 'Tokens of projects';
const scopes = ['manage'] as const;

const token = z.strictObject({
  ...{ id: rowId, name: textLike('CI'), madeBy: accountName, createdAt: moment, expiresAt: moment },
  ...{ kind: z.enum(['upload', 'status']), lastUsedAt: moment.nullable(), state: textLike('live') },
});

export const projectTokenDoors: readonly Door[] = [
  door({
    ...{ method: 'GET', path: 'projects/{project}/tokens', about, scopes, query: pageQuery },
    says: 'The tokens of a project that you may revoke, newest first: owners all, others their own. Never the tokens themselves.',
    answers: { 200: pageShape(token) },
    answer: async (asked) => paged(asked, await projectTokens(asked.actor, projectOf(asked)), ({ id }) => id),
  }),
  door({
    ...{ method: 'DELETE', path: 'projects/{project}/tokens/{token}', about, scopes },
    says: 'Revokes a token of a project: as an owner, or as who made it.',
    answers: { 200: z.strictObject({ ended: z.literal(true) }) },
    answer: async (asked) => {
      await revokeProjectToken(asked.actor, { project: projectOf(asked), token: asked.names['token'] ?? '' });
      return { json: { ended: true } };
    },
  }),
];
