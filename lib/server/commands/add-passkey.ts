// The second half of adding a passkey: the browser's answer. Checks origin, relying party, question, user verification and the proof of
// possession (WebAuthn level 3, 7.1); any fault is one refusal, and nothing changes. The person hears of it by mail.
import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { refuse } from '#lib/core/errors.ts';
import type { AccountName } from '#lib/core/ids.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import { change, type Change } from '#lib/server/change.ts';
import { orTaken } from '#lib/server/db/faults.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { readRegistrationAnswer, relyingParty, useChallenge } from '#lib/server/judge/passkey.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { limits } from '#lib/server/limits.ts';
import { passkeyLetter } from '#lib/server/mail/letters/passkey.ts';
import { runtime } from '#lib/server/runtime.ts';

/** Both hostile: the answer as JSON, and how the person calls the passkey. */
export type AddPasskeyInput = { answer: string; name: string };

/**
 * Keeps the passkey.
 * @throws `person.sign-in-first`, `session.not-fresh`, `input.not-a`, `passkey.unreadable`, `passkey.challenge-unusable`, `passkey.of-another`,
 * `passkey.not-confirmed`, `passkey.already-here`, `passkey.too-many`, `passkey.no-name`
 */
export async function addPasskey(actor: Actor, input: AddPasskeyInput): Promise<{ id: string }> {
  const person = requireFresh(actor, runtime().clock.now().getTime());
  const name = readPasskeyName(input.name);
  const { answer, challenge } = readRegistrationAnswer(input.answer);
  return change(actor, 'web', async (work) => {
    const { tx, now } = work;
    await lockRow(tx, 'Person', person);
    const asked = await useChallenge(work, challenge, 'register');
    if (asked.personName !== person) throw refuse('passkey.of-another', {});
    const { id, publicKey, counter } = await requireRegistration(answer, challenge);
    await requirePlace(work, person);
    const row = { id, personName: person, publicKey: new Uint8Array(publicKey), counter, name, createdAt: now };
    await orTaken(tx.passkey.create({ data: row }), () => refuse('passkey.already-here', {}));
    await work.record('passkey.added', { person, details: { passkey: id, name } });
    await tellPeople(work, [person], () => passkeyLetter({ person, name, at: now, what: 'added' }));
    return { id };
  });
}

/** Refuses everything but one line of 1 to 60 characters. */
function readPasskeyName(claimed: string): string {
  const name = claimed.trim();
  if (name.length >= 1 && name.length <= 60 && !/\p{Cc}/u.test(name)) return name;
  throw refuse('input.not-a', { what: 'a name of 1 to 60 characters', claimed: name.slice(0, 80) });
}

async function requirePlace({ tx }: Change, person: AccountName): Promise<void> {
  const most = limits.passkeysPerPersonMax;
  if ((await tx.passkey.count({ where: { personName: person } })) >= most) throw refuse('passkey.too-many', { most });
}

async function requireRegistration(
  response: ReturnType<typeof readRegistrationAnswer>['answer'],
  expectedChallenge: string,
) {
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty();
  const checked = await verifyRegistrationResponse({
    ...{ response, expectedChallenge, expectedOrigin, expectedRPID },
    requireUserVerification: true,
  }).catch((fault: unknown) => {
    throw refuse('passkey.not-confirmed', {}, fault);
  });
  if (!checked.verified) throw refuse('passkey.not-confirmed', {});
  return checked.registrationInfo.credential;
}
