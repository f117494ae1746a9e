// How fresh the served index is: whoever runs the instance is told before clients refuse it, on the operator's page and in one line of the jobs program.
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { freshness, freshnessWatch } from '#lib/server/handoff/freshness.ts';
import { outbox } from '#lib/server/queries/outbox.ts';
import { addProject, startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';

const start = '2026-11-22T12:00:00.000Z';
const minute = 60_000;
let world: TestRuntime;
let countersigner: Countersigner;
const at = (time: string): void => {
  world.setTime(time);
  vi.setSystemTime(Date.parse(time));
};

beforeAll(async () => {
  world = await openTestRuntime({ at: start });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(start) });
  countersigner = await startCountersigner();
  expect(await freshness()).toBeNull();
  await addProject();
  await countersigner.round();
  await placeHandbacks();
});
afterEach(() => at(start));
afterAll(async () => {
  vi.useRealTimers();
  await countersigner.close();
  await world.close();
});

const states = [
  ['as it was signed', start, 'fresh'],
  ['after 12 hours', '2026-11-23T00:00:00.000Z', 'fresh'],
  ['a second later', '2026-11-23T00:00:01.000Z', 'late'],
  ['before it ends', '2026-11-23T11:59:59.000Z', 'late'],
  ['when it ends, after 24 hours', '2026-11-23T12:00:00.000Z', 'ended'],
] as const;

test.each(states)("the operator's page says how the index stands: %s", async (_, now, state) => {
  at(now);
  const [signedAt, endsAt] = [new Date(start), new Date('2026-11-23T12:00:00.000Z')];
  expect((await outbox(world.secrets.operator)).freshness).toEqual({ signedAt, endsAt, state });
});

test('the jobs program says it in one line each, once, and that it is over', async () => {
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const lines = (): unknown[] => told.mock.calls.splice(0).map(([line]) => JSON.parse(String(line)) as unknown);
  try {
    const watch = freshnessWatch();
    const rounds = async (): Promise<unknown[]> => {
      for (let round = 0; round < 3; round += 1) {
        await watch();
        world.advance(minute);
      }
      return lines();
    };
    expect(await rounds()).toEqual([]);
    at('2026-11-23T00:30:00.000Z');
    const late = 'The countersigner last signed that the index is fresh at 2026-11-22T12:00:00.000Z;';
    const job = 'watch freshness';
    const willEnd = `${late} from 2026-11-23T12:00:00.000Z on clients will refuse the whole index.`;
    expect(await rounds()).toMatchObject([{ level: 'warn', says: willEnd, job }]);
    at('2026-11-23T12:30:00.000Z');
    const ended = `${late} since 2026-11-23T12:00:00.000Z clients refuse the whole index.`;
    expect(await rounds()).toMatchObject([{ level: 'error', says: ended, job }]);
    await countersigner.round();
    await placeHandbacks();
    const again = 'The countersigner is heard again: the index is fresh.';
    expect(await rounds()).toMatchObject([{ level: 'info', says: again, job }]);
  } finally {
    told.mockRestore();
  }
});
