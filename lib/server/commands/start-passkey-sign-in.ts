// The first half of signing in with a passkey, and of confirming that it is still you: a question. A visitor's may be answered by any
// passkey; somebody who is signed in already is asked for one of their own. Says nothing about who has an account.
import { generateAuthenticationOptions, type PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import type { Actor } from '#lib/core/people.ts';
import { change } from '#lib/server/change.ts';
import { askPasskey, relyingParty } from '#lib/server/judge/passkey.ts';
import { limits } from '#lib/server/limits.ts';
import { requireRate } from '#lib/server/rate-limits.ts';

/**
 * Options for `navigator.credentials.get`.
 * @throws `sign-in.too-many`, `passkey.no-name`
 */
export async function startPasskeySignIn(
  actor: Actor,
  input: { client: string },
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const party = relyingParty();
  await requireRate('sign-in-confirmation-by-client', input.client);
  const person = actor.kind === 'person' ? actor.name : null;
  return change(actor, 'web', async (work) => {
    const own = person === null ? [] : await work.tx.passkey.findMany({ where: { personName: person } });
    const challenge = await askPasskey(work, 'sign-in', person);
    return generateAuthenticationOptions({
      rpID: party.id,
      challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
      timeout: limits.passkeyChallengeMs,
      userVerification: 'required',
      allowCredentials: own.map(({ id }) => ({ id })),
    });
  });
}
