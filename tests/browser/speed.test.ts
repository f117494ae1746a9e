// What people are told while a file is sent: how fast, and how long still.
import { describe, expect, it } from 'vitest';
import { openPace, sayRemaining } from '#lib/browser/speed.ts';

describe('the pace of an upload', () => {
  it('is that of the last seconds, unknown at first and after a pause', () => {
    const pace = openPace();
    expect(pace.perSecond()).toBeNull();
    pace.note(0, 0);
    expect(pace.perSecond()).toBeNull();
    pace.note(1_000_000, 1000);
    expect(pace.perSecond()).toBe(1_000_000);
    for (let at = 2000; at <= 9000; at += 1000) pace.note(1_000_000 + at, at);
    expect(pace.perSecond()).toBe(1000);
    pace.forget();
    expect(pace.perSecond()).toBeNull();
  });
});

describe('the time that is left', () => {
  it.each([
    [10, 100, 'about 1 s left'],
    [4_500, 100, 'about 45 s left'],
    [60_000, 100, 'about 10 min left'],
    [1_080_000, 100, 'about 3 h left'],
    [10, 0, ''],
    [10, null, ''],
  ])('of %d bytes at %s a second is “%s”', (bytes, pace, says) => {
    expect(sayRemaining(bytes, pace)).toBe(says);
  });
});
