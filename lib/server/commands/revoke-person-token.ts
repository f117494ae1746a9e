// Revokes a token of the reader: from then on nobody is answered who shows it, and what it has begun is refused. It takes away only, so it needs
// no recent sign-in.
import { refuse } from '#lib/core/errors.ts';
import { requireOwn, type Actor } from '#lib/core/people.ts';
import { change, requireHit, viaOf } from '#lib/server/change.ts';

/** @throws `person.sign-in-first`, `token.not-found` (also for somebody else's) */
export async function revokePersonToken(actor: Actor, input: { token: string }): Promise<void> {
  const person = requireOwn(actor, 'account');
  const missing = () => refuse('token.not-found', {});
  await change(actor, viaOf(actor), async ({ tx, now, record }) => {
    const own = { id: input.token, personName: person, revokedAt: null };
    const row = await tx.personToken.findFirst({ where: own });
    if (row === null) throw missing();
    requireHit(await tx.personToken.updateMany({ where: own, data: { revokedAt: now } }), missing);
    await record('person-token.revoked', { person, details: { token: row.id, name: row.name } });
  });
}
