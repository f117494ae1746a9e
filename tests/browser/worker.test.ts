// One question to one worker: it is ended with its answer, and with its failure.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askWorker } from '#lib/browser/worker.ts';
import { signInWorker } from '#lib/browser/sign.ts';
import { refusalOf } from '../support/pgp.ts';

class FakeWorker {
  static made: FakeWorker[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  asked: unknown[] = [];
  ended = 0;
  readonly address: string;
  constructor(address: string) {
    this.address = address;
    FakeWorker.made.push(this);
  }
  postMessage(question: unknown): void {
    this.asked.push(question);
  }
  terminate(): void {
    this.ended += 1;
  }
}

beforeEach(() => {
  FakeWorker.made = [];
  vi.stubGlobal('Worker', FakeWorker);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a worker is asked once and ended with its answer', async () => {
  const answer = askWorker('/assets/sign-worker.js', { question: 1 }, 1000);
  const [worker] = FakeWorker.made;
  expect(worker?.asked).toEqual([{ question: 1 }]);
  worker?.onmessage?.({ data: 'the answer' });
  expect(await answer).toBe('the answer');
  expect(worker?.ended).toBe(1);
});

test('a worker that breaks or takes too long is ended, and the refusal says so', async () => {
  const broken = refusalOf(() => askWorker('/assets/sign-worker.js', {}, 1000));
  FakeWorker.made[0]?.onerror?.();
  expect(await broken).toBe('signing.failed');
  const slow = refusalOf(() => askWorker('/assets/sign-worker.js', {}, 1000));
  vi.advanceTimersByTime(1000);
  expect(await slow).toBe('signing.failed');
  expect(FakeWorker.made.map((worker) => worker.ended)).toEqual([1, 1]);
});

test('without a secure context no worker is started and no key is taken', async () => {
  const answer = await signInWorker({} as never);
  expect(answer.refusal?.code).toBe('signing.needs-https');
  expect(FakeWorker.made).toEqual([]);
});
