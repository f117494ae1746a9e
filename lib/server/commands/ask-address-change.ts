// Asks for another mail address: a link goes to the new mailbox, a word to the old one. Nothing changes before the link's button is pressed. The
// answer is the same whether or not somebody has the address: nobody learns here who has an account.
import { refuse } from '#lib/core/errors.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import { change } from '#lib/server/change.ts';
import { after } from '#lib/server/clock.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { limits } from '#lib/server/limits.ts';
import { readMailAddress, type MailAddress } from '#lib/server/mail/address.ts';
import { addressChangeAskedLetter, confirmAddressLetter } from '#lib/server/mail/letters/address-change.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken, makeToken } from '#lib/server/secrets.ts';

/**
 * One open change each: asking again ends the one before. `address` is hostile.
 * @throws `person.sign-in-first`, `session.not-fresh`, `address.not-one-mailbox`, `address.same`, `request.too-many`, `sign-in.too-many`
 */
export async function askAddressChange(
  actor: Actor,
  input: { address: string },
): Promise<{ address: MailAddress; expiresAt: Date }> {
  const person = requireFresh(actor, runtime().clock.now().getTime());
  const address = readMailAddress(input.address);
  await requireRate('address-change-by-person', person);
  await requireRate('sign-in-mail-to-address', address);
  const token = makeToken();
  return change(actor, 'web', async (work) => {
    const { tx, now } = work;
    await lockRow(tx, 'Person', person);
    const own = await tx.address.count({ where: { address, personName: person, isPrimary: true } });
    if (own > 0) throw refuse('address.same', { address });
    await tx.addressChange.updateMany({ where: { openSlot: person }, data: { openSlot: null, droppedAt: now } });
    const expiresAt = after(now, limits.addressChangeMs);
    const row = { tokenHash: hashToken(token), personName: person, address, openSlot: person };
    await tx.addressChange.create({ data: { ...row, createdAt: now, expiresAt } });
    await work.record('address.change-asked', { person });
    await work.mail({ address }, confirmAddressLetter({ person, token, expiresAt }));
    await tellPeople(work, [person], () => addressChangeAskedLetter({ person, address, at: now }));
    return { address, expiresAt };
  });
}
