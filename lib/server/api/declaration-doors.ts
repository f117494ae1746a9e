// Declarations for programs: those that wait, the document, and handing in a signature over it. None is prepared or dropped here: that takes a person who
// signed in a moment ago.
import { z } from 'zod';
import { signDeclaration } from '#lib/server/commands/sign-declaration.ts';
import { declarationBytes } from '#lib/server/queries/declaration-page.ts';
import { openDeclarations } from '#lib/server/queries/open-declarations.ts';
import { signatureBody } from './body.ts';
import { door, type Asked, type Door } from './door.ts';
import { projectOf } from './draft-doors.ts';
import { paged, pageQuery, pageShape } from './paged.ts';
import { accountName, moment, seldom, sha256Text, textLike } from './shapes.ts';

const about = 'Declarations';
const declarationOf = ({ names }: Pick<Asked, 'names'>): string => names['declaration'] ?? '';

const declaration = z.strictObject({
  ...{ declaration: sha256Text, says: textLike('yank of 1.2.0'), reason: textLike('It deletes the cache on start.') },
  ...{ proposedBy: accountName, proposedAt: moment, signedBy: seldom(accountName), refused: seldom(z.string()) },
});

export const declarationDoors: readonly Door[] = [
  door({
    ...{ method: 'GET', path: 'projects/{project}/declarations', about, scopes: ['read', 'sign'], query: pageQuery },
    says: 'The declarations of a project (yanks, its status) that wait: for the signature of an owner, or for the countersigner.',
    answers: { 200: pageShape(declaration) },
    answer: async (asked) =>
      paged(asked, await openDeclarations(asked.actor, projectOf(asked)), (one) => one.declaration),
  }),
  door({
    ...{ method: 'GET', path: 'projects/{project}/declarations/{declaration}', about, scopes: ['read', 'sign'] },
    says: 'The document, byte for byte: what is signed.',
    answers: {
      200: { media: 'application/json', says: 'The declaration (docs/formats/declarations.md).', example: '{ … }' },
    },
    answer: async (asked) => ({ bytes: await declarationBytes(asked.actor, projectOf(asked), declarationOf(asked)) }),
  }),
  door({
    ...{ method: 'POST', path: 'projects/{project}/declarations/{declaration}/signatures', about, scopes: ['sign'] },
    says: 'Hands in an owner’s detached signature over a declaration that waits. One is enough; the countersigner checks it again.',
    body: signatureBody,
    answers: {
      200: z.strictObject({
        ...{ result: z.enum(['counted', 'already-there']), by: accountName },
        says: textLike('Signed by ada. It takes effect when the countersigner has checked it.'),
      }),
    },
    answer: async (asked) => ({
      json: await signDeclaration(asked.actor, {
        ...{ project: projectOf(asked), declaration: declarationOf(asked), signature: asked.body, way: 'api' as const },
      }),
    }),
  }),
];
