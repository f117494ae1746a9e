// A point in time, absolute and in UTC: the same text for everybody who compares what they see. Pure: no clock here.

const format = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});

/** "22 Nov 2026, 09:05 UTC" */
export function Moment({ at }: { at: Date | string }) {
  const date = typeof at === 'string' ? new Date(at) : at;
  return <time dateTime={date.toISOString()}>{format.format(date)} UTC</time>;
}
