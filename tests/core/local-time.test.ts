// The wall clock of a person, in summer and in winter, on both sides of the date line.
import { describe, expect, it } from 'vitest';
import { latestHour, nextHour, quietUntil, readTimeZone, timeZones, usualHours } from '#lib/core/local-time.ts';

const at = (moment: string): number => Date.parse(moment);
const iso = (moment: number | null): string | null => (moment === null ? null : new Date(moment).toISOString());

describe('an hour where somebody is', () => {
  it.each([
    // zone, now, hour, the latest, the next
    ['UTC', '2026-11-22T09:00:00Z', 8, '2026-11-22T08:00:00.000Z', '2026-11-23T08:00:00.000Z'],
    ['UTC', '2026-11-22T08:00:00Z', 8, '2026-11-22T08:00:00.000Z', '2026-11-23T08:00:00.000Z'],
    ['UTC', '2026-11-22T07:59:59.999Z', 8, '2026-11-21T08:00:00.000Z', '2026-11-22T08:00:00.000Z'],
    ['Europe/Berlin', '2026-11-22T07:30:00Z', 8, '2026-11-22T07:00:00.000Z', '2026-11-23T07:00:00.000Z'],
    ['Europe/Berlin', '2026-07-22T07:30:00Z', 8, '2026-07-22T06:00:00.000Z', '2026-07-23T06:00:00.000Z'],
    ['Asia/Kolkata', '2026-11-22T03:00:00Z', 8, '2026-11-22T02:30:00.000Z', '2026-11-23T02:30:00.000Z'],
    ['Pacific/Auckland', '2026-11-22T20:00:00Z', 8, '2026-11-22T19:00:00.000Z', '2026-11-23T19:00:00.000Z'],
    ['America/Los_Angeles', '2026-11-22T03:00:00Z', 23, '2026-11-21T07:00:00.000Z', '2026-11-22T07:00:00.000Z'],
    // The night before the clocks go forward, and the one before they go back: the day in between has 23 and 25 hours.
    ['Europe/Berlin', '2026-03-28T20:00:00Z', 8, '2026-03-28T07:00:00.000Z', '2026-03-29T06:00:00.000Z'],
    ['Europe/Berlin', '2026-10-24T20:00:00Z', 8, '2026-10-24T06:00:00.000Z', '2026-10-25T07:00:00.000Z'],
  ])('%s at %s: hour %i was %s and is next %s', (zone, now, hour, latest, next) => {
    expect(iso(latestHour(at(now), zone, hour))).toBe(latest);
    expect(iso(nextHour(at(now), zone, hour))).toBe(next);
  });

  it('comes every day of a year, also where the clock skips it or shows it twice', () => {
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'])
      for (const hour of [0, 1, 2, 3]) {
        let moment = at('2026-01-01T00:00:00Z');
        for (let days = 0; days < 366; days += 1) {
          const next = nextHour(moment, zone, hour);
          expect(next - moment).toBeGreaterThan(0);
          expect(next - moment).toBeLessThanOrEqual(26 * 3_600_000);
          moment = next;
        }
      }
  });
});

describe('quiet hours', () => {
  const night = { ...usualHours, timeZone: 'Europe/Berlin', quietFrom: 22, quietTo: 7 };
  it.each([
    ['2026-11-22T20:59:59Z', null],
    ['2026-11-22T21:00:00Z', '2026-11-23T06:00:00.000Z'],
    ['2026-11-23T00:00:00Z', '2026-11-23T06:00:00.000Z'],
    ['2026-11-23T05:59:59Z', '2026-11-23T06:00:00.000Z'],
    ['2026-11-23T06:00:00Z', null],
  ])('over midnight: at %s until %s', (now, until) => expect(iso(quietUntil(at(now), night))).toBe(until));

  it('within one day end on that day', () => {
    const noon = { ...usualHours, quietFrom: 12, quietTo: 14 };
    expect(iso(quietUntil(at('2026-11-22T13:00:00Z'), noon))).toBe('2026-11-22T14:00:00.000Z');
    expect(quietUntil(at('2026-11-22T14:00:00Z'), noon)).toBeNull();
  });

  it('are none where nobody chose any', () => expect(quietUntil(at('2026-11-22T03:00:00Z'), usualHours)).toBeNull());
});

describe('a time zone', () => {
  it('is one of the list', () => {
    expect(timeZones()[0]).toBe('UTC');
    expect(readTimeZone('Europe/Berlin')).toBe('Europe/Berlin');
    for (const claimed of ['', 'Europe/Atlantis', '+01:00', 'UTC\n', 'x'.repeat(1000)])
      expect(() => readTimeZone(claimed)).toThrow(expect.objectContaining({ code: 'input.not-a' }));
  });

  it('that this machine does not know is read as UTC: mail stops no change', () => {
    const hours = { ...usualHours, timeZone: 'Europe/Atlantis', quietFrom: 0, quietTo: 6 };
    expect(iso(quietUntil(at('2026-11-22T03:00:00Z'), hours))).toBe('2026-11-22T06:00:00.000Z');
  });
});
