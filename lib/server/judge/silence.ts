// What a person wishes to hear of one draft: reminders put off until a moment, or no mail of it at all (muted). One row a person and draft; the
// draft page, the personal link and whatever queues mail use this and nothing else.
import type { AccountName, DraftId } from '#lib/core/ids.ts';
import { silenceFrom, type Silence, type SilenceWish } from '#lib/core/reminding.ts';
import type { Change } from '#lib/server/change.ts';
import type { DraftSilence as SilenceRow } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';

/** What a row says at `now`; a time that is over is no wish any more. */
function asSilence(row: SilenceRow | undefined, now: Date): Silence {
  if (row === undefined) return null;
  if (row.until === null) return { until: 'for-good' };
  return row.until > now ? { until: row.until.getTime() } : null;
}

/** The wishes of everybody about a draft. */
export async function loadSilences(
  tx: Transaction,
  draft: DraftId,
  now: Date,
): Promise<(person: AccountName) => Silence> {
  const rows = await tx.draftSilence.findMany({ where: { draftId: draft } });
  return (person) =>
    asSilence(
      rows.find((row) => row.personName === person),
      now,
    );
}

/** Who of these people wants no mail of a draft at all. */
export async function loadMuted(
  tx: Transaction,
  draft: string,
  people: readonly AccountName[],
): Promise<ReadonlySet<string>> {
  const where = { draftId: draft, personName: { in: [...people] }, until: null };
  const rows = await tx.draftSilence.findMany({ where, select: { personName: true } });
  return new Set(rows.map((row) => row.personName));
}

/** Keeps a wish in place of the one before, and has jobs look at the draft again. */
export async function keepSilence(
  { tx, now }: Pick<Change, 'tx' | 'now'>,
  draft: DraftId,
  person: AccountName,
  wish: SilenceWish,
): Promise<Silence> {
  const silence = silenceFrom(wish, now.getTime());
  const id = { draftId: draft, personName: person };
  await tx.draftSilence.deleteMany({ where: id });
  if (silence !== null) {
    const until = silence.until === 'for-good' ? null : new Date(silence.until);
    await tx.draftSilence.create({ data: { ...id, until, setAt: now } });
  }
  await tx.draft.update({ where: { id: draft }, data: { remindAt: null } });
  return silence;
}
