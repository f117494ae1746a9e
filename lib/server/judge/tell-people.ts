// Queues the same letter to several people, each at their own primary address. Security mail cannot be switched off, and
// everybody is mailed once however many reasons there are.
import type { AccountName } from '#lib/core/ids.ts';
import { personOf } from '#lib/core/people.ts';
import type { Change } from '#lib/server/change.ts';
import { readMailAddress } from '#lib/server/mail/address.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import type { ToQueue } from '#lib/server/mail/outbox.ts';

/** Queues `letterFor(name)` to each of these people; it is asked once for each, inside the change. Somebody without an address (impossible by sign-in) is left out. */
export async function tellPeople(
  change: Change,
  names: readonly AccountName[],
  letterFor: (name: AccountName) => Letter | Promise<Letter>,
): Promise<void> {
  const wanted = [...new Set(names)].sort();
  const rows = await change.tx.address.findMany({ where: { personName: { in: wanted }, isPrimary: true } });
  const mails: ToQueue[] = [];
  for (const person of wanted) {
    const row = rows.find((candidate) => candidate.personName === person);
    if (row) mails.push({ to: { address: readMailAddress(row.address), person }, letter: await letterFor(person) });
  }
  await change.mailEach(mails);
}

/** Everybody but the one who did it. */
export function othersThan(change: Change, names: readonly AccountName[]): AccountName[] {
  return names.filter((name) => name !== personOf(change.actor));
}
