// Policies for programs: the chain, one version and its document, and handing in a signature over it. Nothing is proposed here: that takes a person who
// signed in a moment ago (docs/decisions/041).
import { z } from 'zod';
import { refuse } from '#lib/core/errors.ts';
import { readSha256 } from '#lib/core/ids.ts';
import { addPolicySignature } from '#lib/server/commands/add-policy-signature.ts';
import { policyHistory } from '#lib/server/queries/policy-history.ts';
import { policyBytes, policyPage } from '#lib/server/queries/policy-page.ts';
import { signatureBody } from './body.ts';
import { door, type Asked, type Door } from './door.ts';
import { projectOf } from './draft-doors.ts';
import { paged, pageQuery, pageShape } from './paged.ts';
import {
  accountName,
  count,
  fingerprintText,
  moment,
  outcomes,
  projectName,
  seldom,
  sha256Text,
  textLike,
} from './shapes.ts';

const about = 'Policies';
const change = z.strictObject({
  ...{ what: textLike('Signatures a release needs'), before: textLike('1').nullable(), after: textLike('2') },
});

const version = z.strictObject({
  ...{ version: count(2), sha256: sha256Text, proposedBy: accountName, isInForce: z.boolean(), effectiveAt: moment },
  ...{ follows: z.boolean(), changes: z.array(change) },
  signedBy: z.array(z.strictObject({ name: accountName, key: fingerprintText })),
});

const policy = z.strictObject({
  ...{ project: projectName, version: count(2), state: textLike('open'), sha256: sha256Text, proposedBy: accountName },
  ...{
    proposedAt: moment,
    effectiveAt: seldom(moment),
    deadline: moment.nullable(),
    sentences: z.array(textLike('2 of 3 people sign a release.')),
  },
  ...{ changes: z.array(change), met: z.boolean().meta({ examples: [false] }) },
  couldStillSign: z.array(accountName).meta({ examples: [['bo']] }),
  needs: z.array(
    z.strictObject({
      ...{
        why: textLike('owners'),
        says: textLike('2 owners sign a change of the rules.'),
        required: count(2),
        counted: z.array(accountName),
        missing: z.int(),
      },
    }),
  ),
});

const added = z.strictObject({ inForce: z.boolean().meta({ examples: [false] }), missing: z.int(), outcomes });

/** A number as the address has it. */
function versionOf({ names }: Pick<Asked, 'names'>): number {
  const claimed = names['version'] ?? '';
  if (/^[1-9]\d{0,6}$/.test(claimed)) return Number(claimed);
  throw refuse('policy.not-found', { project: names['project'] ?? '', version: 0 });
}

export const policyDoors: readonly Door[] = [
  door({
    ...{ method: 'GET', path: 'projects/{project}/policies', about, scopes: ['read'], query: pageQuery },
    says: 'The versions of the policy that came into force, newest first, with who signed them.',
    answers: { 200: pageShape(version) },
    answer: async (asked) => {
      const { versions } = await policyHistory(asked.actor, projectOf(asked));
      const rows = versions.map(({ counts: _, path: __, ...row }) => row);
      return paged(asked, rows, (one) => String(one.version));
    },
  }),
  door({
    ...{ method: 'GET', path: 'projects/{project}/policies/{version}', about, scopes: ['read', 'sign'] },
    says: 'One version, in force, superseded or open: what it changes and which signatures it needs.',
    answers: { 200: policy },
    answer: async (asked) => {
      const told = await policyPage(asked.actor, projectOf(asked), versionOf(asked));
      const { project, state, sha256, proposedBy, proposedAt, effectiveAt, deadline, sentences, changes, met } = told;
      const needs = told.needs.map(({ why, says, required, counted, missing }) => ({
        why,
        says,
        required,
        counted,
        missing,
      }));
      return {
        json: {
          ...{
            project,
            version: told.version,
            state,
            sha256,
            proposedBy,
            proposedAt,
            effectiveAt,
            deadline,
            sentences,
          },
          ...{ changes, met, couldStillSign: told.couldStillSign, needs },
        },
      };
    },
  }),
  door({
    ...{ method: 'GET', path: 'projects/{project}/policies/{version}/document', about, scopes: ['read', 'sign'] },
    says: 'The document, byte for byte: what is signed.',
    answers: { 200: { media: 'application/json', says: 'The policy (docs/formats/policy.md).', example: '{ … }' } },
    answer: async (asked) => ({ bytes: await policyBytes(asked.actor, projectOf(asked), versionOf(asked)) }),
  }),
  door({
    ...{ method: 'POST', path: 'projects/{project}/policies/{version}/signatures', about, scopes: ['sign'] },
    says: 'Hands in a detached signature over the document of an open change. `sha256`: of the document that was signed; another one by then is refused.',
    query: z.object({ sha256: z.string().optional() }),
    body: signatureBody,
    answers: {
      200: added,
      422: added,
    },
    answer: async (asked) => {
      const { sha256 } = asked.query;
      const added = await addPolicySignature(asked.actor, {
        ...{ project: projectOf(asked), version: versionOf(asked), signature: asked.body, way: 'api' as const },
        ...(sha256 !== undefined && { expectedSha256: readSha256(sha256) }),
      });
      const told = added.outcomes.map(({ result, person, key, over, reason, says }) => ({
        ...{ result, person, key, over, reason, says },
      }));
      const counts = told.some(({ result }) => result !== 'refused');
      return { status: counts ? 200 : 422, json: { inForce: added.inForce, missing: added.missing, outcomes: told } };
    },
  }),
];
