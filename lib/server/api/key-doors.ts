// Proving one's own keys, and accepting invitations with them, for programs. A key comes into the account by a person who signed in a moment ago; its proof is made
// by the private key, elsewhere, so that a token adds nothing to it.
import { z } from 'zod';
import { acceptInvitation } from '#lib/server/commands/accept-invitation.ts';
import { dropAddressChange } from '#lib/server/commands/drop-address-change.ts';
import { proveKeyByToken } from '#lib/server/commands/prove-key-by-token.ts';
import { proveKey } from '#lib/server/commands/prove-key.ts';
import { sendEncryptedChallenge } from '#lib/server/commands/send-encrypted-challenge.ts';
import { startKeyProof } from '#lib/server/commands/start-key-proof.ts';
import { fieldsBody, signatureBody } from './body.ts';
import { door, type Asked, type Door } from './door.ts';
import { keyExample } from './examples.ts';
import { fingerprintText, moment, projectName, textLike } from './shapes.ts';

const about = 'Your keys';
const scopes = ['account'] as const;
const fingerprintOf = ({ names }: Pick<Asked, 'names'>): string => names['fingerprint'] ?? '';
const proven = { 200: z.strictObject({ fingerprint: fingerprintText }) };
const asked = { 200: z.strictObject({ fingerprint: fingerprintText, expiresAt: moment }) };

export const keyDoors: readonly Door[] = [
  door({
    ...{ method: 'POST', path: 'account/keys/{fingerprint}/phrase', about, scopes },
    says: 'Makes a new phrase that proves a key of yours once it is signed with it (docs/formats/key-proof.md); the one before it ends.',
    answers: {
      200: z.strictObject({
        ...{ fingerprint: fingerprintText, expiresAt: moment },
        phrase: textLike('# countersign key proof 1\n…\n').meta({ description: 'The bytes to sign, in UTF-8.' }),
      }),
    },
    answer: async (one) => ({ json: await startKeyProof(one.actor, { fingerprint: fingerprintOf(one) }) }),
  }),
  door({
    ...{ method: 'POST', path: 'account/keys/{fingerprint}/proof', about, scopes },
    says: 'Hands in the detached signature over the phrase: the key is proven.',
    body: signatureBody,
    answers: proven,
    answer: async (one) => ({
      json: await proveKey(one.actor, { fingerprint: fingerprintOf(one), signature: one.body, way: 'api' }),
    }),
  }),
  door({
    ...{ method: 'POST', path: 'account/keys/{fingerprint}/challenge', about, scopes },
    says: 'Mails you an encrypted message that only the key opens, the other way to prove it.',
    answers: asked,
    answer: async (one) => ({ json: await sendEncryptedChallenge(one.actor, { fingerprint: fingerprintOf(one) }) }),
  }),
  door({
    ...{ method: 'POST', path: 'account/keys/{fingerprint}/opened', about, scopes },
    says: 'Hands in what opening that message printed: the key is proven.',
    body: fieldsBody(z.strictObject({ opened: z.string() }), { opened: 'What the message says.' }),
    answers: proven,
    answer: async (one) => ({
      json: await proveKeyByToken(one.actor, {
        ...{ fingerprint: fingerprintOf(one), opened: one.body.opened, way: 'opened' as const },
      }),
    }),
  }),
  door({
    ...{ method: 'POST', path: 'account/invitations', about, scopes },
    says: 'Accepts an invitation, with the token of its link and the key that you will sign with. An owner compares the key, and a policy names you.',
    body: fieldsBody(z.strictObject({ token: z.string(), key: z.string() }), {
      ...{ token: 'The last part of the link in the mail.', key: keyExample },
    }),
    answers: { 200: z.strictObject({ project: projectName }) },
    answer: async ({ actor, body }) => ({ json: await acceptInvitation(actor, body) }),
  }),
  door({
    ...{ method: 'DELETE', path: 'account/address-change', about: 'Your account', scopes },
    says: 'Drops the change of your mail address that waits: its link works no more.',
    answers: { 200: z.strictObject({ dropped: z.literal(true) }) },
    answer: async ({ actor }) => {
      await dropAddressChange(actor);
      return { json: { dropped: true } };
    },
  }),
];
