// Removes a passkey of the actor; signing in with it ends at once, sessions that it opened go on until they end. Mail stays as a way in.
import { refuse } from '#lib/core/errors.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import { change, requireHit } from '#lib/server/change.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { passkeyLetter } from '#lib/server/mail/letters/passkey.ts';
import { runtime } from '#lib/server/runtime.ts';

/** @throws `person.sign-in-first`, `session.not-fresh`, `passkey.not-found` (also for somebody else's) */
export async function removePasskey(actor: Actor, input: { id: string }): Promise<{ name: string }> {
  const person = requireFresh(actor, runtime().clock.now().getTime());
  const missing = () => refuse('passkey.not-found', {});
  return change(actor, 'web', async (work) => {
    const { tx, now } = work;
    const own = { id: input.id, personName: person };
    const row = await tx.passkey.findFirst({ where: own });
    if (!row) throw missing();
    requireHit(await tx.passkey.deleteMany({ where: own }), missing);
    await work.record('passkey.removed', { person, details: { passkey: row.id, name: row.name } });
    await tellPeople(work, [person], () => passkeyLetter({ person, name: row.name, at: now, what: 'removed' }));
    return { name: row.name };
  });
}
