// When somebody is reminded of a draft, as tables over days: what was sent, what is wished, what time it is, and what comes next.
import { describe, expect, it } from 'vitest';
import {
  defaultReminderRules,
  mayAskAgainAt,
  nextReminder,
  readReminderRules,
  readSilenceWish,
  silenceFrom,
  type MadeReminder,
  type ReminderCase,
} from '#lib/core/reminding.ts';

const day = 86_400_000;
const opened = Date.parse('2026-11-22T12:00:00Z');
const at = (days: number): number => opened + days * day;

const sent = (kind: MadeReminder['kind'], number: number, days: number): MadeReminder => ({
  ...{ kind, number, createdAt: at(days), sentAt: at(days) },
});

function next(change: Partial<ReminderCase>): string | null {
  const plan = nextReminder({
    ...{ rules: defaultReminderRules, isAsked: true, askedSince: opened, deadline: at(30), made: [], silence: null },
    ...{ whenAwake: (moment: number) => moment, now: opened },
    ...change,
  });
  return plan && `${plan.kind} ${plan.number} on day ${(plan.at - opened) / day}`;
}

describe('the next reminder', () => {
  const five = [2, 5, 8, 11, 14].map((days, index) => sent('due', index + 1, days));

  it.each<[string, Partial<ReminderCase>, string | null]>([
    ['comes two days after the draft was opened', {}, 'due 1 on day 2'],
    ['comes every three days after that', { made: [sent('due', 1, 2)], now: at(2) }, 'due 2 on day 5'],
    ['comes at most five times; then the warning', { made: five, now: at(14) }, 'deadline 1 on day 27'],
    ['comes no more after five and the warning', { made: [...five, sent('deadline', 1, 27)], now: at(27) }, null],
    ['is one where a program stood still for weeks', { now: at(20) }, 'due 1 on day 20'],
    [
      'counts from the one that was sent late, not from the plan',
      { made: [sent('due', 1, 20)], now: at(20) },
      'due 2 on day 23',
    ],
    ['is the warning where both are due', { now: at(28) }, 'deadline 1 on day 28'],
    [
      'waits its days after the warning too',
      { made: [sent('deadline', 1, 27)], now: at(27), deadline: at(40) },
      'due 1 on day 30',
    ],
    [
      'is counted from a new revision anew',
      { made: [sent('due', 1, 2)], askedSince: at(4), now: at(4) },
      'due 2 on day 6',
    ],
    [
      'but not where somebody was reminded of that revision already',
      { made: [sent('asked', 1, 5)], askedSince: at(4), now: at(5) },
      'due 1 on day 8',
    ],
    [
      'never comes after the deadline',
      { deadline: at(2), rules: { ...defaultReminderRules, warnDaysBefore: 0 } },
      null,
    ],
    [
      'does not come by the schedule where the project wants none',
      { rules: { ...defaultReminderRules, atMost: 0 } },
      'deadline 1 on day 27',
    ],
    [
      'holds no warning where the project wants none',
      { made: five, rules: { ...defaultReminderRules, warnDaysBefore: 0 } },
      null,
    ],
    ['is put off until the moment that the person chose', { silence: { until: at(7) } }, 'due 1 on day 7'],
    ['that warns of the deadline is not put off', { silence: { until: at(29) }, now: at(26) }, 'deadline 1 on day 27'],
    ['is the warning alone for whoever is not asked to sign', { isAsked: false }, 'deadline 1 on day 27'],
    [
      'that was asked for does not come where the person has signed meanwhile',
      { isAsked: false, made: [{ kind: 'asked', number: 1, createdAt: at(1), sentAt: null }], now: at(2) },
      'deadline 1 on day 27',
    ],
    ['never comes where the person muted the draft', { silence: { until: 'for-good' }, now: at(28) }, null],
    [
      'waits until the quiet hours are over, from the moment at which it would be sent',
      { now: at(4), whenAwake: (moment) => (moment < at(4.5) ? at(4.5) : moment) },
      'due 1 on day 4.5',
    ],
    ['does not come where the quiet hours end after the deadline', { now: at(29.9), whenAwake: () => at(30) }, null],
    [
      'that was asked for in quiet hours comes when they are over',
      {
        made: [{ kind: 'asked', number: 1, createdAt: at(1), sentAt: null }],
        ...{ now: at(1), whenAwake: (moment: number) => (moment < at(1.25) ? at(1.25) : moment) },
      },
      'asked 1 on day 1.25',
    ],
    [
      'follows a clock that went back: nothing comes before its time',
      { made: [sent('due', 1, 12)], now: at(3) },
      'due 2 on day 15',
    ],
  ])('%s', (_, change, expected) => {
    expect(next(change)).toBe(expected);
  });
});

describe('reminding by hand', () => {
  it.each<[string, MadeReminder[], number, number | null]>([
    ['can be done where nobody was reminded', [], 1, null],
    ['cannot be done within a day of a reminder of any kind', [sent('due', 1, 2)], 2.5, 3],
    ['can be done a day later', [sent('asked', 1, 2)], 3, null],
    ['is not done twice in one night', [{ kind: 'asked', number: 1, createdAt: at(2), sentAt: null }], 2.5, 3],
    ['counts from when it was sent', [{ kind: 'asked', number: 1, createdAt: at(2), sentAt: at(2.5) }], 3.2, 3.5],
  ])('%s', (_, made, now, expected) => {
    expect(mayAskAgainAt(made, at(now))).toBe(expected === null ? null : at(expected));
  });
});

describe('what can be chosen', () => {
  const asked = { firstAfterDays: 1, thenEveryDays: 1, atMost: 3, deadlineDays: 7, warnDaysBefore: 1 };

  it('are whole numbers of days within bounds', () => {
    expect(readReminderRules(asked)).toEqual(asked);
    for (const wrong of [
      { deadlineDays: 0 },
      { deadlineDays: 181 },
      { atMost: 21 },
      { firstAfterDays: 0.5 },
      { atMost: '3' },
    ])
      expect(() => readReminderRules({ ...asked, ...wrong })).toThrow(expect.objectContaining({ code: 'input.not-a' }));
  });

  it('is no warning that would come with the draft itself', () => {
    const wrong = { ...asked, deadlineDays: 3, warnDaysBefore: 3 };
    expect(() => readReminderRules(wrong)).toThrow(expect.objectContaining({ code: 'reminders.warned-at-once' }));
  });

  it('is a day, three days, a week, for good, or mail as ever', () => {
    const wishes = ['a-day', 'three-days', 'a-week', 'mute', 'none'].map((wish) =>
      silenceFrom(readSilenceWish(wish), opened),
    );
    expect(wishes).toEqual([...[1, 3, 7].map((days) => ({ until: at(days) })), { until: 'for-good' }, null]);
    expect(() => readSilenceWish('for ever')).toThrow(expect.objectContaining({ code: 'input.not-a' }));
  });
});
