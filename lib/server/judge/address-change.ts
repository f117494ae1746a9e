// The change of address that a link stands for. The token is hostile; it opens something for its own person alone, once, until it ends.
import { refuse } from '#lib/core/errors.ts';
import type { AccountName } from '#lib/core/ids.ts';
import type { AddressChange } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { hashToken } from '#lib/server/secrets.ts';

/** @throws `address.link-unusable`, `address.link-of-another` */
export async function findAddressChange(
  tx: Transaction,
  person: AccountName,
  token: string,
  now: Date,
): Promise<AddressChange> {
  const row = await tx.addressChange.findUnique({ where: { tokenHash: hashToken(token) } });
  if (!row || row.openSlot === null || row.expiresAt <= now) throw refuse('address.link-unusable', {});
  if (row.personName !== person) throw refuse('address.link-of-another', {});
  return row;
}
