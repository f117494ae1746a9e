// Looking after drafts, for programs: what stands under one, taking back, lifting, reminding, withdrawing, removing a file.
import { z } from 'zod';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { ignoreFinding } from '#lib/server/commands/ignore-finding.ts';
import { liftDecline } from '#lib/server/commands/lift-decline.ts';
import { regardFinding } from '#lib/server/commands/regard-finding.ts';
import { remindNow } from '#lib/server/commands/remind-now.ts';
import { endPreview, renewPreview } from '#lib/server/commands/renew-preview.ts';
import { revokeDraftLinks } from '#lib/server/commands/revoke-links.ts';
import { silenceDraft } from '#lib/server/commands/silence-draft.ts';
import { takeBackSignature } from '#lib/server/commands/take-back-signature.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { draftDeclines, draftSignatures } from '#lib/server/queries/draft-records.ts';
import { draftForPrograms } from '#lib/server/queries/draft-for-programs.ts';
import { draftSignature } from '#lib/server/queries/signature-bytes.ts';
import { fieldsBody } from './body.ts';
import { door, type Door } from './door.ts';
import { signatureExample } from './examples.ts';
import { draftOf } from './draft-doors.ts';
import { requireRevision } from './if-match.ts';
import { paged, pageQuery, pageShape } from './paged.ts';
import {
  accountName,
  count,
  draftId,
  draftShape,
  fingerprintText,
  moment,
  projectName,
  reasonText,
  revisionWish,
  rowId,
  seldom,
  sha256Text,
  textLike,
} from './shapes.ts';

const about = 'Looking after drafts';
const done = z.strictObject({ draft: draftId });

const signature = z.strictObject({
  ...{ signature: rowId, packet: sha256Text, person: accountName, key: fingerprintText },
  ...{ over: textLike('statement'), revision: count(3), received: moment, takenBackAt: seldom(moment) },
});
const decline = z.strictObject({
  ...{ decline: rowId, person: accountName, reason: textLike('The changelog is missing.') },
  ...{ revision: count(3), declinedAt: moment, liftedAt: seldom(moment), liftedBy: seldom(accountName) },
});

export const draftCareDoors: readonly Door[] = [
  door({
    ...{ method: 'POST', path: 'drafts/{draft}/preview', about, scopes: ['manage'] },
    says: 'Makes a new address at which the draft is tried with pip, and ends the one before. For owners, and for who opened it.',
    answers: { 200: draftShape },
    answer: async (asked) => {
      const { draft } = await renewPreview(asked.actor, { draft: draftOf(asked) });
      return { json: await draftForPrograms(asked.actor, { draft }) };
    },
  }),
  door({
    ...{ method: 'DELETE', path: 'drafts/{draft}/preview', about, scopes: ['manage'] },
    says: 'Ends the address at which the draft is tried. For owners, and for who opened it.',
    answers: { 200: done },
    answer: async (asked) => ({ json: await endPreview(asked.actor, { draft: draftOf(asked) }) }),
  }),
  door({
    ...{ method: 'POST', path: 'drafts/{draft}/ignored-findings', about, scopes: ['manage'], takesIfMatch: true },
    says: 'Sets aside what a check found, for this draft, with a reason that signers read. For owners.',
    body: fieldsBody(
      z.strictObject({ code: z.string(), place: z.string(), reason: reasonText, revision: revisionWish }),
      { code: 'wheel.runs-at-start', place: 'sunrise.pth', reason: 'It only adds a path.', revision: 3 },
    ),
    answers: { 200: done },
    answer: async (asked) => {
      const { code, place, reason, revision } = asked.body;
      const bound = await requireRevision(asked, revision);
      const wish = { draft: draftOf(asked), code, place, reason };
      const bounds = bound === undefined ? {} : { expectedRevision: bound };
      return { json: await ignoreFinding(asked.actor, { ...wish, ...bounds }) };
    },
  }),
  door({
    ...{ method: 'DELETE', path: 'drafts/{draft}/ignored-findings/{ignored}', about, scopes: ['manage'] },
    says: 'What was set aside stands beside the other findings again. For owners.',
    answers: { 200: done },
    answer: async (asked) => ({
      json: await regardFinding(asked.actor, { draft: draftOf(asked), ignored: asked.names['ignored'] ?? '' }),
    }),
  }),
  door({
    ...{ method: 'GET', path: 'drafts/{draft}/signatures', about, scopes: ['read', 'manage'], query: pageQuery },
    says: 'Every signature that entered, oldest first, also those that were taken back.',
    answers: { 200: pageShape(signature) },
    answer: async (asked) => paged(asked, await draftSignatures(asked.actor, draftOf(asked)), (one) => one.signature),
  }),
  door({
    ...{ method: 'GET', path: 'drafts/{draft}/signatures/{packet}', about, scopes: ['read', 'manage'] },
    says: 'A signature as it came, by the SHA-256 of its packet.',
    answers: {
      200: { media: 'application/pgp-signature', says: 'The signature, armored.', example: signatureExample },
    },
    answer: async (asked) => ({
      bytes: await draftSignature(asked.actor, draftOf(asked), asked.names['packet'] ?? ''),
    }),
  }),
  door({
    ...{ method: 'DELETE', path: 'drafts/{draft}/signatures/{signature}', about, scopes: ['manage'] },
    says: 'Takes a signature of yours back. The same packet never enters again.',
    answers: { 200: done },
    answer: async (asked) => ({
      json: await takeBackSignature(asked.actor, { draft: draftOf(asked), signature: asked.names['signature'] ?? '' }),
    }),
  }),
  door({
    ...{ method: 'GET', path: 'drafts/{draft}/declines', about, scopes: ['read', 'manage'], query: pageQuery },
    says: 'Who declined and why, oldest first, also what was lifted.',
    answers: { 200: pageShape(decline) },
    answer: async (asked) => paged(asked, await draftDeclines(asked.actor, draftOf(asked)), (one) => one.decline),
  }),
  door({
    ...{ method: 'DELETE', path: 'drafts/{draft}/declines/{decline}', about, scopes: ['manage'] },
    says: 'Lifts a decline: your own, or as an owner anybody’s.',
    answers: { 200: done },
    answer: async (asked) => ({
      json: await liftDecline(asked.actor, { draft: draftOf(asked), decline: asked.names['decline'] ?? '' }),
    }),
  }),
  door({
    ...{ method: 'POST', path: 'drafts/{draft}/remind', about, scopes: ['manage'] },
    says: 'Reminds everybody who could still sign, now or after their quiet hours.',
    answers: { 200: z.strictObject({ now: z.array(accountName), later: z.array(accountName) }) },
    answer: async (asked) => ({ json: await remindNow(asked.actor, { draft: draftOf(asked) }) }),
  }),
  door({
    ...{ method: 'PUT', path: 'drafts/{draft}/silence', about, scopes: ['manage'] },
    says: 'When you hear of this draft again: “none” takes the wish back.',
    body: fieldsBody(z.strictObject({ wish: z.string() }), { wish: 'none' }),
    answers: { 200: done },
    answer: async (asked) => ({
      json: await silenceDraft(asked.actor, { draft: draftOf(asked), wish: asked.body.wish }),
    }),
  }),
  door({
    ...{ method: 'DELETE', path: 'drafts/{draft}/links', about, scopes: ['manage'] },
    says: 'Ends the personal links to this draft that were mailed to you.',
    answers: { 200: done },
    answer: async (asked) => ({
      json: await revokeDraftLinks(asked.actor, { draft: draftOf(asked), person: asked.actor.name }),
    }),
  }),
  door({
    ...{ method: 'POST', path: 'drafts/{draft}/withdraw', about, scopes: ['manage'], takesIfMatch: true },
    says: 'Withdraws a draft: as an owner, or as who opened it. The version is free again.',
    body: fieldsBody(z.strictObject({ reason: reasonText }), { reason: 'Built from the wrong branch.' }),
    answers: { 200: z.strictObject({ draft: draftId, project: projectName }) },
    answer: async (asked) => {
      await requireRevision(asked);
      return { json: await withdrawDraft(asked.actor, { draft: draftOf(asked), reason: asked.body.reason }) };
    },
  }),
  door({
    ...{ method: 'DELETE', path: 'drafts/{draft}/files/{file}', about, scopes: ['upload'], takesIfMatch: true },
    says: 'Leaves a file out. A new revision: what was signed over the statement is signed anew.',
    query: z.object({ revision: revisionWish }),
    answers: { 200: draftShape },
    answer: async (asked) => {
      const draft = draftOf(asked);
      const expectedRevision = await requireRevision(asked, asked.query.revision);
      const remove = [asked.names['file'] ?? ''];
      await changeFiles(asked.actor, { draft, uploads: [], remove, signatures: [], expectedRevision });
      return { json: await draftForPrograms(asked.actor, { draft }) };
    },
  }),
];
