// The hours of people: where they are, when it is quiet there, when they read their daily mail. No row: the usual hours.
import type { AccountName } from '#lib/core/ids.ts';
import { usualHours, type MailHours } from '#lib/core/local-time.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';

/** The hours of each of these people. */
export async function loadMailHours(
  tx: Transaction,
  people: readonly AccountName[],
): Promise<(person: AccountName) => MailHours> {
  const rows = await tx.mailHours.findMany({ where: { personName: { in: [...people] } } });
  return (person) => rows.find((row) => row.personName === person) ?? usualHours;
}
