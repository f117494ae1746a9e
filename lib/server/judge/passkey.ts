// Passkeys (WebAuthn level 3): who we are to them, the question, and reading the answer. Trusts the configured public address alone:
// origin and relying party never come from a request. Answers are hostile JSON; what they prove is checked by @simplewebauthn/server in
// add-passkey and confirm-passkey-sign-in. A question is random, kept as a hash, answered once and within five minutes.
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import { refuse } from '#lib/core/errors.ts';
import type { AccountName } from '#lib/core/ids.ts';
import { requireHit, type Change } from '#lib/server/change.ts';
import { after } from '#lib/server/clock.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken, makeToken } from '#lib/server/secrets.ts';

export type RelyingParty = { id: string; origin: string; name: string };

/** Who asks: the host of the public address. Refuses `passkey.no-name` where browsers offer no passkeys (an IP address, plain http). */
export function relyingParty(): RelyingParty {
  const { publicUrl } = runtime().config;
  const { hostname, origin, protocol } = new URL(publicUrl);
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0 || (protocol !== 'https:' && !isLocal))
    throw refuse('passkey.no-name', { publicUrl });
  return { id: hostname, origin, name: runtime().indexName };
}

/** What a passkey keeps as its user: the same for each account, and not its name. */
export const userHandle = (name: AccountName): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(`countersign passkey of ${name}`).digest());

export type PasskeyPurpose = 'register' | 'sign-in';

/** Asks a new question; old ones that ran out are swept away. Bound to the person, where there is one. */
export async function askPasskey(work: Change, purpose: PasskeyPurpose, person: AccountName | null): Promise<string> {
  const { tx, now } = work;
  const challenge = makeToken();
  await tx.passkeyChallenge.deleteMany({ where: { expiresAt: { lte: now } } });
  const expiresAt = after(now, limits.passkeyChallengeMs);
  const hash = hashToken(challenge);
  await tx.passkeyChallenge.create({ data: { hash, purpose, personName: person, createdAt: now, expiresAt } });
  await work.record('passkey.asked', person === null ? {} : { person });
  return challenge;
}

/**
 * Uses up the question that the answer names, in the transaction of the change, so that a refused answer leaves it open.
 * Refuses `passkey.challenge-unusable` for one that is unknown, used, over, or of another purpose.
 */
export async function useChallenge(
  { tx, now }: Change,
  challenge: string,
  purpose: PasskeyPurpose,
): Promise<{ personName: string | null }> {
  const hash = hashToken(challenge);
  const open = { hash, purpose, usedAt: null, expiresAt: { gt: now } };
  const written = await tx.passkeyChallenge.updateMany({ where: open, data: { usedAt: now } });
  requireHit(written, () => refuse('passkey.challenge-unusable', {}));
  const { personName } = await tx.passkeyChallenge.findUniqueOrThrow({ where: { hash } });
  return { personName };
}

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);
const credential = { id: base64url.max(1366), rawId: base64url.max(1366), type: z.literal('public-key') };
const empty = z.unknown().transform(() => ({}));

const registrationAnswer = z.object({
  ...credential,
  clientExtensionResults: empty,
  response: z.object({ clientDataJSON: base64url, attestationObject: base64url }),
});

const signInAnswer = z.object({
  ...credential,
  clientExtensionResults: empty,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.optional(),
  }),
});

const clientData = z.object({ challenge: base64url });

function readJson<T>(schema: z.ZodType<T>, text: string): T {
  if (text.length > limits.passkeyAnswerCharactersMax) throw refuse('passkey.unreadable', {});
  try {
    return schema.parse(JSON.parse(text));
  } catch (fault) {
    throw refuse('passkey.unreadable', {}, fault);
  }
}

function readAnswer<T extends { response: { clientDataJSON: string } }>(schema: z.ZodType<T>, text: string) {
  const answer = readJson(schema, text);
  const data = Buffer.from(answer.response.clientDataJSON, 'base64url').toString('utf8');
  return { answer, challenge: readJson(clientData, data).challenge };
}

/** What the browser sent for a new passkey, and the question that it claims to answer. Refuses `passkey.unreadable`. */
export const readRegistrationAnswer = (text: string) => readAnswer(registrationAnswer, text);

/** What the browser sent for signing in, and the question that it claims to answer. Refuses `passkey.unreadable`. */
export const readSignInAnswer = (text: string) => readAnswer(signInAnswer, text);
