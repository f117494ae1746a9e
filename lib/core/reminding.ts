// When somebody is reminded of a draft, and until when a draft is open: the rules of a project, as arithmetic over times. Pure: the caller
// brings the moment, what was sent before, and the quiet hours. Counted from what really was sent, so that a program that stood still for
// weeks, or a clock that jumped, makes one reminder and not five.
import { readOne, readWhole } from './document.ts';
import { refuse } from './errors.ts';

const day = 86_400_000;

/** How a project reminds and for how long its drafts are open: whole days. */
export type ReminderRules = {
  firstAfterDays: number;
  thenEveryDays: number;
  /** By the schedule, of one draft; 0: never. */
  atMost: number;
  /** From opening. */
  deadlineDays: number;
  /** Before the deadline; 0: no warning. */
  warnDaysBefore: number;
};

/** What holds for a project that chose nothing. */
export const defaultReminderRules: ReminderRules = {
  ...{ firstAfterDays: 2, thenEveryDays: 3, atMost: 5 },
  ...{ deadlineDays: 30, warnDaysBefore: 3 },
};

/** Least and most of each; the database holds the same (a CHECK). */
export const reminderBounds = {
  firstAfterDays: [1, 60],
  thenEveryDays: [1, 60],
  atMost: [0, 20],
  deadlineDays: [1, 180],
  warnDaysBefore: [0, 179],
} as const satisfies Record<keyof ReminderRules, readonly [number, number]>;

const named: Record<keyof ReminderRules, string> = {
  firstAfterDays: 'the days before the first reminder',
  thenEveryDays: 'the days between reminders',
  atMost: 'the number of reminders',
  deadlineDays: 'the days for which a draft is open',
  warnDaysBefore: 'the days of the warning',
};

/** Reads rules as somebody asked for them. Refuses `input.not-a` out of bounds, `reminders.warned-at-once` where they do not fit. */
export function readReminderRules(claimed: Record<keyof ReminderRules, unknown>): ReminderRules {
  const read = (name: keyof ReminderRules): number => {
    const [least, most] = reminderBounds[name];
    return readWhole(claimed[name], named[name], least, most);
  };
  const rules: ReminderRules = {
    firstAfterDays: read('firstAfterDays'),
    thenEveryDays: read('thenEveryDays'),
    atMost: read('atMost'),
    deadlineDays: read('deadlineDays'),
    warnDaysBefore: read('warnDaysBefore'),
  };
  const { deadlineDays, warnDaysBefore } = rules;
  if (warnDaysBefore >= deadlineDays) throw refuse('reminders.warned-at-once', { deadlineDays, warnDaysBefore });
  return rules;
}

/** What differs, each as a sentence's part: "a draft is open for 7 days (30 before)". */
export function changesOfReminderRules(before: ReminderRules, after: ReminderRules): string[] {
  const names = Object.keys(named) as (keyof ReminderRules)[];
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => `${named[name]}: ${after[name]} (${before[name]} before)`);
}

/** What a person can wish about one draft: reminders put off for some days, no mail of it at all, or mail as ever. */
export const silences = {
  'a-day': { days: 1, says: 'a day' },
  'three-days': { days: 3, says: 'three days' },
  'a-week': { days: 7, says: 'a week' },
  mute: { days: null, says: 'for good' },
} as const satisfies Record<string, { days: number | null; says: string }>;

/** `none`: mail as ever. */
export type SilenceWish = keyof typeof silences | 'none';

/** Refuses `input.not-a` for any other word. */
export const readSilenceWish = (claimed: unknown): SilenceWish =>
  readOne(
    claimed,
    ['none', ...(Object.keys(silences) as (keyof typeof silences)[])],
    'a choice of when to be reminded',
  );

/** What stands of such a wish: nothing, until a moment, or for good. Milliseconds. */
export type Silence = { until: number | 'for-good' } | null;

/** The wish from now on. */
export function silenceFrom(wish: SilenceWish, now: number): Silence {
  if (wish === 'none') return null;
  const { days } = silences[wish];
  return { until: days === null ? 'for-good' : now + days * day };
}

/** due: by the schedule; deadline: the draft expires soon; asked: somebody of the project wants it. */
export type ReminderKind = 'due' | 'deadline' | 'asked';

/** One that was made. `sentAt` null: asked for in quiet hours, and still to be sent. Milliseconds. */
export type MadeReminder = { kind: ReminderKind; number: number; createdAt: number; sentAt: number | null };

export type ReminderCase = {
  rules: ReminderRules;
  /** The person's signature is wanted; false: they are warned of the deadline and no more. */
  isAsked: boolean;
  /** Since when the person is asked for the signature that is still missing: the current revision's time. */
  askedSince: number;
  deadline: number;
  /** All of this person and draft. */
  made: readonly MadeReminder[];
  silence: Silence;
  /** The first moment from this one on at which the person may be disturbed. */
  whenAwake: (at: number) => number;
  now: number;
};

/** What comes next, and when; due where `at` is not after now. */
export type NextReminder = { kind: ReminderKind; number: number; at: number };

/**
 * The next reminder of one person who can still sign a draft; null: none comes any more. Of several that are due one is sent: the
 * warning before the deadline first, since it says most. Putting off holds back all but that warning; muting holds back everything.
 */
export function nextReminder(about: ReminderCase): NextReminder | null {
  const { silence, whenAwake, deadline, now } = about;
  if (silence?.until === 'for-good') return null;
  const notBefore = silence?.until ?? now;
  const planned = [warning(about), waiting(about, notBefore), scheduled(about, notBefore)]
    .filter((next) => next !== null)
    .map((next) => ({ ...next, at: whenAwake(Math.max(next.at, now)) }))
    .filter(({ at }) => at < deadline);
  const due = planned.find(({ at }) => at <= now);
  return due ?? planned.sort((one, other) => one.at - other.at)[0] ?? null;
}

function warning({ rules: { warnDaysBefore }, made, deadline }: ReminderCase): NextReminder | null {
  if (warnDaysBefore === 0 || made.some(({ kind }) => kind === 'deadline')) return null;
  return { kind: 'deadline', number: 1, at: deadline - warnDaysBefore * day };
}

function waiting({ isAsked, made }: ReminderCase, notBefore: number): NextReminder | null {
  const asked = isAsked ? made.find(({ sentAt }) => sentAt === null) : undefined;
  return asked ? { kind: 'asked', number: asked.number, at: Math.max(asked.createdAt, notBefore) } : null;
}

function scheduled({ rules, isAsked, made, askedSince }: ReminderCase, notBefore: number): NextReminder | null {
  const count = made.filter(({ kind }) => kind === 'due').length;
  if (!isAsked || count >= rules.atMost) return null;
  const last = Math.max(0, ...made.map(({ sentAt }) => sentAt ?? 0));
  // A new revision asks anew: the first reminder of it comes as late as that of a draft just opened.
  const at = last < askedSince ? askedSince + rules.firstAfterDays * day : last + rules.thenEveryDays * day;
  return { kind: 'due', number: count + 1, at: Math.max(at, notBefore) };
}

/** How often somebody can be reminded by hand of one draft. */
const askAgainAfter = day;

/** When somebody may be asked for again by hand; null: now. Every reminder counts, whoever wanted it. */
export function mayAskAgainAt(made: readonly MadeReminder[], now: number): number | null {
  const last = Math.max(0, ...made.map(({ createdAt, sentAt }) => Math.max(createdAt, sentAt ?? createdAt)));
  return last > 0 && last + askAgainAfter > now ? last + askAgainAfter : null;
}
