// Whom a draft still waits for, and when each of them is reminded next. The one answer: jobs sends by it, "remind now" asks it, the page shows
// it. Who can still sign is the verdict's; who only opened or declined the draft is warned of its deadline and otherwise left in peace.
import { readAccountName, type AccountName, type ProjectName } from '#lib/core/ids.ts';
import { quietUntil } from '#lib/core/local-time.ts';
import {
  nextReminder,
  type MadeReminder,
  type NextReminder,
  type ReminderKind,
  type Silence,
} from '#lib/core/reminding.ts';
import type { Reminder as ReminderRow } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadMailHours } from '#lib/server/mail/mail-hours.ts';
import { wantsMail } from '#lib/server/mail/wants-mail.ts';
import type { LoadedCase } from './load-case.ts';
import { loadReminderRules } from './reminder-rules.ts';
import { loadSilences } from './silence.ts';

export type Reminding = {
  name: AccountName;
  /** Their signature is wanted; false: they are only warned of the deadline. */
  isAsked: boolean;
  made: readonly MadeReminder[];
  /** Of this draft by their wish, or of every draft where they switched reminders off. */
  silence: Silence;
  /** The end of the quiet hours that `now` lies in; null: they can be disturbed. */
  quietUntil: number | null;
  next: NextReminder | null;
};

/** Everybody whom the draft concerns before it ends without a release, by name; nobody where it does not wait for people. */
export async function loadReminding(tx: Transaction, loaded: LoadedCase, now: Date): Promise<Reminding[]> {
  const { draft } = loaded;
  const people = concerned(loaded);
  if (people.length === 0) return [];
  const rules = await loadReminderRules(tx, draft.project);
  const silenceOf = await loadSilences(tx, draft.id, now);
  const hoursOf = await loadMailHours(
    tx,
    people.map(({ name }) => name),
  );
  const rows = await tx.reminder.findMany({ where: { draftId: draft.id } });
  const { createdAt } = await tx.revision.findUniqueOrThrow({
    where: { draftId_number: { draftId: draft.id, number: draft.revision } },
    select: { createdAt: true },
  });
  const common = { rules, askedSince: createdAt.getTime(), deadline: draft.deadline.getTime(), now: now.getTime() };
  const off = await loadSwitchedOff(tx, loaded.draft.project, people, now);
  return people.map(({ name, isAsked }) => {
    const made = rows.filter((row) => row.personName === name).map(asMade);
    const silence = off.has(name) ? ({ until: 'for-good' } as const) : silenceOf(name);
    const hours = hoursOf(name);
    const whenAwake = (at: number): number => quietUntil(at, hours) ?? at;
    const next = nextReminder({ ...common, isAsked, made, silence, whenAwake });
    return { name, isAsked, made, silence, quietUntil: quietUntil(common.now, hours), next };
  });
}

/** Who wants no reminders at all, or none from this project: nothing is made for them that would then not be sent. */
async function loadSwitchedOff(
  tx: Transaction,
  project: ProjectName,
  people: readonly Pick<Reminding, 'name'>[],
  now: Date,
): Promise<Set<AccountName>> {
  const off = new Set<AccountName>();
  for (const { name } of people) {
    const { delivery } = await wantsMail(tx, now, name, { event: 'draft.reminder', project, draft: null });
    if (delivery === 'off') off.add(name);
  }
  return off;
}

/** Of the people of the policy: who can still sign what lacks signatures, who opened the draft, and who stands in its way. */
function concerned({ draft, policy, verdict, hindrance, declines }: LoadedCase): Pick<Reminding, 'name' | 'isAsked'>[] {
  if (draft.state !== 'draft' || (verdict.met && hindrance === null)) return [];
  const asked = hindrance === null ? verdict.couldStillSign : [];
  const warned = [
    ...(verdict.met ? [] : verdict.couldStillSign),
    draft.openedBy,
    ...declines.map((row) => readAccountName(row.personName)),
  ];
  return policy.policy.people
    .filter(({ name }) => warned.includes(name))
    .map(({ name }) => ({ name, isAsked: asked.includes(name) }));
}

const asMade = ({ kind, number, createdAt, sentAt }: ReminderRow): MadeReminder => ({
  ...{ kind: kind as ReminderKind, number },
  ...{ createdAt: createdAt.getTime(), sentAt: sentAt?.getTime() ?? null },
});
