// The first half of adding a passkey: a question that the browser puts to it. Asks for a recent sign-in, so that a stolen cookie cannot add
// a way in of its own.
import { generateRegistrationOptions, type PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import { refuse } from '#lib/core/errors.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import { change } from '#lib/server/change.ts';
import { askPasskey, relyingParty, userHandle } from '#lib/server/judge/passkey.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';

/**
 * Options for `navigator.credentials.create`: discoverable, with the person verified by their device, no attestation.
 * @throws `person.sign-in-first`, `session.not-fresh`, `passkey.no-name`, `passkey.too-many`
 */
export async function startPasskeyRegistration(actor: Actor): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const name = requireFresh(actor, runtime().clock.now().getTime());
  const party = relyingParty();
  return change(actor, 'web', async (work) => {
    const known = await work.tx.passkey.findMany({ where: { personName: name }, orderBy: { createdAt: 'asc' } });
    if (known.length >= limits.passkeysPerPersonMax)
      throw refuse('passkey.too-many', { most: limits.passkeysPerPersonMax });
    const challenge = await askPasskey(work, 'register', name);
    return generateRegistrationOptions({
      rpID: party.id,
      rpName: party.name,
      userID: userHandle(name),
      userName: name,
      challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
      timeout: limits.passkeyChallengeMs,
      attestationType: 'none',
      excludeCredentials: known.map(({ id }) => ({ id })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  });
}
