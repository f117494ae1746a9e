// The reader's mail address, the change of it that waits, and what the page behind its link says before its button is pressed. Reading changes
// nothing: mail scanners open links.
import { isRefusal } from '#lib/core/errors.ts';
import { requirePerson, type Actor } from '#lib/core/people.ts';
import { findAddressChange } from '#lib/server/judge/address-change.ts';
import { runtime } from '#lib/server/runtime.ts';

/** `waiting`: a link went to this address and can still be used; null: none. */
export type AddressPage = { address: string; waiting: { address: string; expiresAt: Date } | null };

/** @throws `person.sign-in-first` */
export async function addressPage(actor: Actor): Promise<AddressPage> {
  const person = requirePerson(actor);
  const { db, clock } = runtime();
  const { address } = await db.address.findFirstOrThrow({ where: { personName: person, isPrimary: true } });
  const open = await db.addressChange.findUnique({ where: { openSlot: person } });
  const isOpen = open !== null && open.expiresAt > clock.now();
  return { address, waiting: isOpen ? { address: open.address, expiresAt: open.expiresAt } : null };
}

export type AddressLink =
  { state: 'usable'; account: string; address: string } | { state: 'signed-out' | 'of-another' | 'unusable' };

/** Never refuses: a link that cannot be used is an answer. The address is shown to its own person alone. */
export async function addressLink(actor: Actor, token: string): Promise<AddressLink> {
  if (actor.kind !== 'person') return { state: 'signed-out' };
  const { db, clock } = runtime();
  try {
    const { address } = await findAddressChange(db, actor.name, token, clock.now());
    return { state: 'usable', account: actor.name, address };
  } catch (fault) {
    if (!isRefusal(fault)) throw fault;
    return { state: fault.code === 'address.link-of-another' ? 'of-another' : 'unusable' };
  }
}
