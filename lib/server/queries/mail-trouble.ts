// Whose mail does not arrive, for those who should know: the owners of a project (of mail about it) and the person. It says how often and since when, and
// whether the mailbox refuses it; not what the mail server said, which names the address. A mail that arrived since ends it.
import { readAccountName, type AccountName } from '#lib/core/ids.ts';
import { after } from '#lib/server/clock.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { limits } from '#lib/server/limits.ts';

export type MailTrouble = { person: AccountName; failed: number; lastAt: Date; isRefused: boolean };

/** Of the mails about this project, or to this person; one entry a person, by name. */
export async function loadMailTrouble(
  tx: Transaction,
  of: { projectName: string } | { toPerson: AccountName },
  now: Date,
): Promise<MailTrouble[]> {
  const rows = await tx.mail.findMany({
    where: { ...of, failedAt: { gt: after(now, -limits.mailTroubleMs) } },
    orderBy: [{ failedAt: 'asc' }, { id: 'asc' }],
    select: { toPerson: true, createdAt: true, failedAt: true, failure: true },
  });
  const names = [...new Set(rows.flatMap(({ toPerson }) => toPerson ?? []))].sort();
  const arrived = await tx.mail.groupBy({
    by: ['toPerson'],
    where: { toPerson: { in: names }, sentAt: { not: null } },
    _max: { sentAt: true },
  });
  return names.flatMap((name) => {
    const lastArrival = arrived.find(({ toPerson }) => toPerson === name)?._max.sentAt ?? null;
    const since = rows.filter(
      (row) => row.toPerson === name && row.failedAt !== null && (lastArrival === null || row.failedAt > lastArrival),
    );
    const lastAt = since.at(-1)?.failedAt ?? null;
    if (lastAt === null) return [];
    const isRefused = since.some(({ failure }) => failure === 'refused');
    return [{ person: readAccountName(name), failed: since.length, lastAt, isRefused }];
  });
}
