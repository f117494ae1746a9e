// Is this machine's clock right? Said from two minutes on, in the direction that people look for.
import { afterEach, expect, test, vi } from 'vitest';
import { askClock, clockOff } from '#lib/browser/clock.ts';

const noon = Date.parse('2026-06-01T12:00:00Z');
const minutes = (count: number) => count * 60_000;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('a clock within two minutes is right enough', () => {
  for (const off of [0, minutes(2), -minutes(2)]) expect(clockOff(noon, noon + off)).toBeNull();
});

test('a clock that is off by more is said, ahead or behind', () => {
  expect(clockOff(noon, noon + minutes(58))).toEqual({ minutes: 58, direction: 'ahead', serverTime: noon });
  expect(clockOff(noon, noon - minutes(3))).toEqual({ minutes: 3, direction: 'behind', serverTime: noon });
});

test('the server’s time comes from its answer; without one nothing is claimed', async () => {
  vi.useFakeTimers({ now: noon + minutes(10) });
  vi.stubGlobal('fetch', () =>
    Promise.resolve(new Response('', { headers: { date: 'Mon, 01 Jun 2026 12:00:00 GMT' } })),
  );
  expect(await askClock('/x')).toMatchObject({ minutes: 10, direction: 'ahead' });
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('')));
  expect(await askClock('/x')).toBeNull();
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')));
  expect(await askClock('/x')).toBeNull();
});
