// The second half: the answer of a passkey opens a session, the same that a mail link opens, and so it is fresh. Checks question, origin,
// relying party, user verification, signature and counter (WebAuthn level 3, 7.2). A refused answer changes nothing; where the passkey is
// known the refusal is kept in the history of its person.
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { refuse } from '#lib/core/errors.ts';
import { readAccountName, type AccountName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { change, keepingRefusals, requireHit, type Change } from '#lib/server/change.ts';
import type { Passkey } from '#lib/server/db/generated/client.ts';
import { readReturnTo } from '#lib/server/http/return-to.ts';
import { isHere, openSession } from '#lib/server/judge/open-session.ts';
import { readSignInAnswer, relyingParty, useChallenge, userHandle } from '#lib/server/judge/passkey.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { SignedIn } from './confirm-sign-in.ts';

export type ConfirmPasskeySignInInput = {
  /** Hostile: what the browser sent, as JSON. */
  answer: string;
  returnTo?: string;
  client: string;
  /** The token of this browser's session, which the new one replaces if it is the same person's. */
  replaces?: string;
};

type SignInAnswer = ReturnType<typeof readSignInAnswer>['answer'];

/**
 * Opens a session for the owner of the passkey.
 * @throws `sign-in.too-many`, `passkey.no-name`, `passkey.unreadable`, `passkey.unknown`, `passkey.challenge-unusable`, `passkey.of-another`,
 * `passkey.not-confirmed`, `passkey.copied`
 */
export async function confirmPasskeySignIn(actor: Actor, input: ConfirmPasskeySignInInput): Promise<SignedIn> {
  await requireRate('sign-in-confirmation-by-client', input.client);
  const { answer, challenge } = readSignInAnswer(input.answer);
  const passkey = await runtime().db.passkey.findUnique({ where: { id: answer.id } });
  if (!passkey) throw refuse('passkey.unknown', {});
  const person = readAccountName(passkey.personName);
  return keepingRefusals(actor, 'web', { kind: 'passkey.refused', person }, () =>
    change(actor, 'web', async (work) => {
      const asked = await useChallenge(work, challenge, 'sign-in');
      if (asked.personName !== null && asked.personName !== person) throw refuse('passkey.of-another', {});
      await countUse(work, passkey, await requireAnswer(answer, challenge, passkey, person));
      const arrival = { person, way: 'passkey' as const, client: input.client, replaces: input.replaces };
      const session = await openSession(work, { ...arrival, isKnown: isHere(work, person) });
      return { ...session, returnTo: readReturnTo(input.returnTo) };
    }),
  );
}

/** The new counter of a good answer. The library's own look at the counter is left out (`counter: 0`): `countUse` has words for it. */
async function requireAnswer(
  response: SignInAnswer,
  expectedChallenge: string,
  { id, publicKey }: Passkey,
  person: AccountName,
): Promise<bigint> {
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty();
  const claimed = response.response.userHandle;
  if (claimed !== undefined && claimed !== Buffer.from(userHandle(person)).toString('base64url'))
    throw refuse('passkey.not-confirmed', {});
  const checked = await verifyAuthenticationResponse({
    ...{ response, expectedChallenge, expectedOrigin, expectedRPID },
    credential: { id, publicKey: new Uint8Array(publicKey), counter: 0 },
    requireUserVerification: true,
  }).catch((fault: unknown) => {
    throw refuse('passkey.not-confirmed', {}, fault);
  });
  if (!checked.verified) throw refuse('passkey.not-confirmed', {});
  return BigInt(checked.authenticationInfo.newCounter);
}

/** A counter that does not grow is a copy's (7.2, step 22); passkeys that never count stay at 0. One write, so that of two answers one wins. */
async function countUse({ tx, now }: Change, { id }: Passkey, counter: bigint): Promise<void> {
  const older = counter === 0n ? { equals: 0n } : { lt: counter };
  const written = await tx.passkey.updateMany({ where: { id, counter: older }, data: { counter, lastUsedAt: now } });
  requireHit(written, () => refuse('passkey.copied', {}));
}
