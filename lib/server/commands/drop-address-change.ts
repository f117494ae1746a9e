// Drops the change of address that waits: its link works no more. Needs no recent sign-in: it only keeps things as they are.
import { refuse } from '#lib/core/errors.ts';
import { requireOwn, type Actor } from '#lib/core/people.ts';
import { change, requireHit, viaOf } from '#lib/server/change.ts';

/** @throws `person.sign-in-first`, `address.no-change` */
export async function dropAddressChange(actor: Actor): Promise<void> {
  const person = requireOwn(actor, 'account');
  await change(actor, viaOf(actor), async ({ tx, now, record }) => {
    const data = { openSlot: null, droppedAt: now };
    const dropped = await tx.addressChange.updateMany({ where: { openSlot: person }, data });
    requireHit(dropped, () => refuse('address.no-change', {}));
    await record('address.change-dropped', { person });
  });
}
