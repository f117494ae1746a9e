// Who is reminded of a draft, when they last were and when they are next; whether somebody can be reminded by hand now; and what the reader
// wished for themselves. That somebody wants no mail now is told to the project, so that others write to them in another way; for how long
// is not.
import type { AccountName } from '#lib/core/ids.ts';
import { may, type Role } from '#lib/core/people.ts';
import { mayAskAgainAt } from '#lib/core/reminding.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import type { LoadedCase } from '#lib/server/judge/load-case.ts';
import { loadReminding, type Reminding } from '#lib/server/judge/load-reminding.ts';
import { loadSilences } from '#lib/server/judge/silence.ts';

export type RemindedPerson = {
  name: AccountName;
  /** When they were last reminded, or asked to be; null: never. */
  lastAt: Date | null;
  /** When they are reminded next by themselves; null: not any more. */
  nextAt: Date | null;
  wantsNoMail: boolean;
};

export type DraftReminders = {
  /** Whose signature it waits for; nobody where it waits for none. */
  people: RemindedPerson[];
  /** Who would get a mail if the reader reminded them now. */
  remindable: AccountName[];
  /** Where nobody is: from when somebody can be; null: not by waiting. */
  againAt: Date | null;
  /** What the reader wished: nothing, reminders not before a moment, or no mail of it. */
  mine: { until: Date | 'for-good' } | null;
  /** The reader may wish something: it is open, and it may mail them. */
  maySilence: boolean;
};

/** For a reader who sees the draft. */
export async function loadDraftReminders(
  tx: Transaction,
  loaded: LoadedCase,
  reader: { name: AccountName; role: Role },
  now: Date,
): Promise<DraftReminders> {
  const people = (await loadReminding(tx, loaded, now)).filter(({ isAsked }) => isAsked);
  const others = people.filter(({ name, silence }) => name !== reader.name && silence === null);
  const again = others.map(({ made }) => mayAskAgainAt(made, now.getTime()));
  const isAllowed = may(reader.role, 'draft.remind');
  const remindable = isAllowed ? others.filter((_, at) => again[at] === null).map(({ name }) => name) : [];
  const soonest = Math.min(...again.map((at) => at ?? Infinity));
  const silence = (await loadSilences(tx, loaded.draft.id, now))(reader.name);
  return {
    people: people.map(asPerson),
    remindable,
    againAt: remindable.length === 0 && isAllowed && Number.isFinite(soonest) ? new Date(soonest) : null,
    mine: silence && { until: silence.until === 'for-good' ? 'for-good' : new Date(silence.until) },
    maySilence: loaded.draft.state === 'draft' && may(reader.role, 'draft.silence'),
  };
}

/** When somebody was last reminded of each of these drafts: by the schedule or by hand. */
export async function loadLastReminders(tx: Transaction, drafts: readonly string[]): Promise<Map<string, Date>> {
  if (drafts.length === 0) return new Map();
  const where = { draftId: { in: [...drafts] }, kind: { in: ['due', 'asked'] } };
  const newest = await tx.reminder.groupBy({ by: ['draftId'], where, _max: { sentAt: true } });
  return new Map(newest.flatMap(({ draftId, _max }) => (_max.sentAt ? [[draftId, _max.sentAt] as const] : [])));
}

function asPerson({ name, made, next, silence }: Reminding): RemindedPerson {
  const last = Math.max(0, ...made.map(({ createdAt, sentAt }) => sentAt ?? createdAt));
  return {
    name,
    lastAt: last === 0 ? null : new Date(last),
    nextAt: next === null ? null : new Date(next.at),
    wantsNoMail: silence !== null,
  };
}
