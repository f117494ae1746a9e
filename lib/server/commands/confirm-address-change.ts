// The button behind the link to a new address. Whoever presses it reads the new mailbox (the token) and is the person (a recent sign-in): neither
// a stolen session nor somebody else's mailbox is enough, and nobody is talked into taking over a stranger's account. Mail goes to both addresses.
// Other sessions of the person end, and what is still in the old mailbox: sign-in links, and personal links to drafts.
import { refuse } from '#lib/core/errors.ts';
import type { AccountName } from '#lib/core/ids.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import { change, requireHit, type Change } from '#lib/server/change.ts';
import { orTaken } from '#lib/server/db/faults.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { findAddressChange } from '#lib/server/judge/address-change.ts';
import { readMailAddress, type MailAddress } from '#lib/server/mail/address.ts';
import { addressChangedLetter } from '#lib/server/mail/letters/address-change.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';

/** `token` is hostile. `keeps`: the token of the session of this browser, which goes on. */
export type ConfirmAddressChangeInput = { token: string; keeps?: string };

/** @throws `person.sign-in-first`, `session.not-fresh`, `address.link-unusable`, `address.link-of-another`, `address.taken` */
export async function confirmAddressChange(
  actor: Actor,
  input: ConfirmAddressChangeInput,
): Promise<{ address: MailAddress }> {
  const person = requireFresh(actor, runtime().clock.now().getTime());
  return change(actor, 'web', async (work) => {
    const { tx, now } = work;
    await lockRow(tx, 'Person', person);
    const row = await findAddressChange(tx, person, input.token, now);
    const open = { tokenHash: row.tokenHash, openSlot: person };
    const used = await tx.addressChange.updateMany({ where: open, data: { openSlot: null, confirmedAt: now } });
    requireHit(used, () => refuse('address.link-unusable', {}));
    const address = readMailAddress(row.address);
    const before = await replaceAddress(work, person, address);
    await endOthers(work, person, before, input.keeps);
    await work.record('address.changed', { person });
    const letter = addressChangedLetter({ person, before, address, at: now });
    await work.mail({ address: before, person }, letter);
    await work.mail({ address, person }, letter);
    return { address };
  });
}

/** Answers the address that it was. An address belongs to one person: the constraint decides. */
async function replaceAddress({ tx, now }: Change, person: AccountName, address: MailAddress): Promise<MailAddress> {
  const old = await tx.address.findFirstOrThrow({ where: { personName: person, isPrimary: true } });
  await tx.address.delete({ where: { address: old.address } });
  await tx.address.deleteMany({ where: { address, personName: person } });
  const row = { address, personName: person, verifiedAt: now, isPrimary: true };
  await orTaken(tx.address.create({ data: row }), () => refuse('address.taken', { address }));
  return readMailAddress(old.address);
}

/** What the old mailbox, or a session that somebody else may have, still opens. */
async function endOthers(
  { tx, now }: Change,
  person: AccountName,
  before: MailAddress,
  keeps: string | undefined,
): Promise<void> {
  const kept = keeps === undefined ? {} : { tokenHash: { not: hashToken(keeps) } };
  await tx.session.deleteMany({ where: { personName: person, ...kept } });
  await tx.personalLink.updateMany({ where: { personName: person, revokedAt: null }, data: { revokedAt: now } });
  await tx.signInLink.updateMany({ where: { address: before, usedAt: null }, data: { usedAt: now } });
}
