// The jobs loop: a failing step holds up no other, a wake-up is not lost, stopping waits for the running step.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { change } from '#lib/server/change.ts';
import { stepNotes } from '#lib/server/health/note-step.ts';
import { limits } from '#lib/server/limits.ts';
import { startJobs } from '#jobs/loop.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';

let world: TestRuntime;
beforeAll(async () => {
  world = await openTestRuntime();
});
afterAll(() => world.close());

/** A step whose runs can be awaited one by one. */
function countedStep(name: string) {
  let runs = 0;
  let seen: () => void = () => undefined;
  return {
    step: {
      name,
      run: async () => {
        runs += 1;
        seen();
      },
    },
    reach: (wanted: number) =>
      new Promise<void>((resolve) => {
        seen = () => {
          if (runs >= wanted) resolve();
        };
        seen();
      }),
    runs: () => runs,
  };
}

describe('the jobs loop', () => {
  it('runs the steps behind one that fails, and tells the fault', async () => {
    const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const counted = countedStep('counted');
    const jobs = startJobs(world, [{ name: 'broken', run: () => Promise.reject(new Error('no luck')) }, counted.step]);
    await counted.reach(1);
    await jobs.stop();
    expect(told.mock.calls.join()).toContain('no luck');
    told.mockRestore();
    const noted = await world.db.jobStep.findMany({ orderBy: { name: 'asc' } });
    expect(noted).toMatchObject([
      { name: 'broken', ranAt: null, failedAt: world.clock.now(), fault: 'no luck' },
      { name: 'counted', ranAt: world.clock.now(), failedAt: null, fault: null },
    ]);
  });

  it('notes a step that goes well now and then, and at once when it begins or ceases to fail', async () => {
    const note = stepNotes();
    const row = () => world.db.jobStep.findUniqueOrThrow({ where: { name: 'noted' } });
    const ran = (fault: string | null = null) => note({ step: 'noted', ms: 5, fault });
    await ran();
    const first = world.clock.now();
    world.advance(limits.jobsNoteMs - 1);
    await ran();
    expect(await row()).toMatchObject({ ranAt: first, failedAt: null });
    await ran('away');
    expect(await row()).toMatchObject({ ranAt: first, failedAt: world.clock.now(), fault: 'away' });
    await ran();
    expect(await row()).toMatchObject({ ranAt: world.clock.now(), failedAt: null, fault: null });
  });

  it('runs again at once after a committed change of this process', async () => {
    const counted = countedStep('counted');
    const jobs = startJobs(world, [counted.step]);
    await counted.reach(1);
    await change({ kind: 'jobs' }, 'jobs', ({ record }) => record('draft.expired'));
    await counted.reach(2);
    await jobs.stop();
  });

  it('does not lose a wake-up that comes during a round', async () => {
    const counted = countedStep('counted');
    let woken = false;
    const waking = {
      name: 'waking',
      run: async () => {
        if (!woken) {
          woken = true;
          world.wake.jobs();
        }
      },
    };
    const jobs = startJobs(world, [counted.step, waking]);
    await counted.reach(2);
    await jobs.stop();
  });

  it('starts nothing after it was stopped, and stops only when the running step has ended', async () => {
    let finish: () => void = () => undefined;
    let ended = false;
    const slow = {
      name: 'slow',
      run: () =>
        new Promise<void>((resolve) => {
          finish = () => {
            ended = true;
            resolve();
          };
        }),
    };
    const counted = countedStep('counted');
    const jobs = startJobs(world, [slow, counted.step]);
    const stopped = jobs.stop();
    finish();
    await stopped;
    expect([ended, counted.runs()]).toEqual([true, 0]);
  });

  it('runs a step beside the others, and once more where it was wanted while it ran', async () => {
    const counted = countedStep('counted');
    let finishFirst: () => void = () => undefined;
    let runs = 0;
    let ranAgain: () => void = () => undefined;
    const again = new Promise<void>((resolve) => (ranAgain = resolve));
    const slow = {
      name: 'slow',
      beside: true,
      run: async () => {
        runs += 1;
        if (runs === 1) await new Promise<void>((resolve) => (finishFirst = resolve));
        else ranAgain();
      },
    } as const;
    const jobs = startJobs(world, [slow, counted.step]);
    await counted.reach(1);
    jobs.wake();
    await counted.reach(2);
    expect(runs).toBe(1);
    finishFirst();
    await again;
    await jobs.stop();
  });
});
