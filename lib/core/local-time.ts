// The wall clock of a person: in which hours they want no mail, and at which hour of their day they read the daily one. Everything else here
// counts in UTC. A time zone is a name of the IANA list; summer time is the zone's, so an hour can come twice or not at all: then the
// instant beside it is meant. Trusts nothing: a zone that this machine does not know is read as UTC, since mail must not stop a change.
import { refuse } from './errors.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** How a person wants mail to be timed. Hours are 0 to 23; from `quietFrom` until before `quietTo` it is quiet; both or neither. */
export type MailHours = { timeZone: string; quietFrom: number | null; quietTo: number | null; digestHour: number };

/** Of somebody who chose nothing. */
export const usualHours: MailHours = { timeZone: 'UTC', quietFrom: null, quietTo: null, digestHour: 8 };

/** Every zone that can be chosen, UTC first. */
export const timeZones = (): string[] => [
  'UTC',
  ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC'),
];

/** One zone of the list. @throws `input.not-a` */
export function readTimeZone(claimed: string): string {
  if (timeZones().includes(claimed)) return claimed;
  throw refuse('input.not-a', { what: 'a time zone of the list', claimed: claimed.slice(0, 40) });
}

const clocks = new Map<string, Intl.DateTimeFormat>();

const fields: Intl.DateTimeFormatOptions = {
  ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  ...{ hourCycle: 'h23', calendar: 'gregory', numberingSystem: 'latn' },
};

function makeClock(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-GB', { ...fields, timeZone });
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...fields, timeZone: 'UTC' });
  }
}

/** What the wall clock of the zone shows, as if it were UTC, in milliseconds. */
function wallClock(at: number, timeZone: string): number {
  const clock = clocks.get(timeZone) ?? makeClock(timeZone);
  clocks.set(timeZone, clock);
  const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day: date = 1, hour: hours = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, date, hours, minute, second) + (((at % 1000) + 1000) % 1000);
}

/** The instant at which the wall clock shows this; asked twice, since the offset at the first guess may be that of the other season. */
function instantOf(shown: number, timeZone: string): number {
  const guess = shown - (wallClock(shown, timeZone) - shown);
  return shown - (wallClock(guess, timeZone) - guess);
}

const hourOfToday = (now: number, timeZone: string, wanted: number): number =>
  Math.floor(wallClock(now, timeZone) / day) * day + wanted * hour;

/** The newest moment, not after `now`, at which it was this hour where the person is. */
export function latestHour(now: number, timeZone: string, wanted: number): number {
  const today = hourOfToday(now, timeZone, wanted);
  const at = instantOf(today, timeZone);
  return at <= now ? at : instantOf(today - day, timeZone);
}

/** The next moment, after `now`, at which it is this hour where the person is. */
export function nextHour(now: number, timeZone: string, wanted: number): number {
  const today = hourOfToday(now, timeZone, wanted);
  const at = instantOf(today, timeZone);
  return at > now ? at : instantOf(today + day, timeZone);
}

/** The end of the quiet hours that `now` lies in; null: it is not quiet. */
export function quietUntil(now: number, { timeZone, quietFrom, quietTo }: MailHours): number | null {
  if (quietFrom === null || quietTo === null) return null;
  const shown = Math.floor(wallClock(now, timeZone) / hour) % 24;
  const isQuiet = quietFrom < quietTo ? shown >= quietFrom && shown < quietTo : shown >= quietFrom || shown < quietTo;
  return isQuiet ? nextHour(now, timeZone, quietTo) : null;
}
