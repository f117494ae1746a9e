// A test that makes a program complain must say so: whatever reaches console.error or console.warn unannounced fails the test
// that caused it. Unhandled rejections fail the run by themselves (Vitest).
import { afterAll, afterEach, beforeEach, expect, vi } from 'vitest';

const heard: string[] = [];

/** Announces that this test expects complaints; answers what was said so far and forgets it. */
export function takeComplaints(): string[] {
  return heard.splice(0);
}

beforeEach(() => {
  heard.length = 0;
  for (const method of ['error', 'warn'] as const) {
    vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => {
      heard.push(parts.map(String).join(' '));
    });
  }
});

afterEach(() => {
  expect(heard, 'the test made something complain on the console').toEqual([]);
});

// The next file of this worker begins with the real clock and globals and with no log opened, whatever this one forgot.
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(globalThis, Symbol.for('countersign.log'));
});
