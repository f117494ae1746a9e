// A page forgets what was chosen and typed once it was hidden for five minutes, and at once when it is left.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hiddenTimeMax, whenLeft } from '#lib/browser/when-left.ts';

let page: EventTarget & { visibilityState: string; defaultView: EventTarget };
let forget: ReturnType<typeof vi.fn<(why: 'hidden' | 'gone') => void>>;
let stop: () => void;

function show(state: 'visible' | 'hidden') {
  page.visibilityState = state;
  page.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
  vi.useFakeTimers();
  page = Object.assign(new EventTarget(), { visibilityState: 'visible', defaultView: new EventTarget() });
  forget = vi.fn();
  stop = whenLeft(forget, page as unknown as Document);
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

test('a page that was hidden for five minutes forgets, and not a moment earlier', () => {
  show('hidden');
  vi.advanceTimersByTime(hiddenTimeMax - 1);
  expect(forget).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(forget).toHaveBeenCalledExactlyOnceWith('hidden');
});

test('a page that comes back in time keeps what it has, and counts anew', () => {
  show('hidden');
  vi.advanceTimersByTime(hiddenTimeMax - 1000);
  show('visible');
  vi.advanceTimersByTime(hiddenTimeMax);
  show('hidden');
  vi.advanceTimersByTime(hiddenTimeMax - 1000);
  expect(forget).not.toHaveBeenCalled();
});

test('a page that was frozen, so that no timer ran, forgets when it comes back', () => {
  show('hidden');
  vi.setSystemTime(Date.now() + hiddenTimeMax);
  show('visible');
  expect(forget).toHaveBeenCalledExactlyOnceWith('hidden');
});

test('a page that is left forgets at once, so that the back button finds nothing', () => {
  page.defaultView.dispatchEvent(new Event('pagehide'));
  expect(forget).toHaveBeenCalledExactlyOnceWith('gone');
});

test('nothing is called once it was stopped', () => {
  show('hidden');
  stop();
  vi.advanceTimersByTime(2 * hiddenTimeMax);
  page.defaultView.dispatchEvent(new Event('pagehide'));
  expect(forget).not.toHaveBeenCalled();
});
