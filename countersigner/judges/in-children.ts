// Judges in child processes (lib/child). A child sees one project in one round, so that nothing of one project reaches another through it; the first of
// the next round waits ready, so that nobody waits for its start.
import { statSync } from 'node:fs';
import { openChildPool } from '#lib/child/child-pool.ts';
import { childProgramOf } from '#lib/child/child-program.ts';
import type { ChildFaults, ChildLimits, ChildProgram } from '#lib/child/limited-child.ts';
import { refuse } from '#lib/core/errors.ts';
import type { Judges } from './judges.ts';
import type { Turns } from './turns.ts';

export type JudgeLimits = ChildLimits & { turnMs: number; bytesPerSecond: number };

/** For each turn: two minutes, and what reading its files at a slow disk's pace takes. */
export const judgeLimits: JudgeLimits = {
  ...{ heapMegabytes: 512, memoryMegabytes: 1024 },
  ...{ turnMs: 120_000, bytesPerSecond: 10_000_000 },
};

export const judgeFaults: ChildFaults = {
  ended: (why) => refuse('countersigner.judge-ended', { why }),
  failed: (fault) => new Error(`A judge failed: ${fault}`),
};

/** Starts nothing before the first turn. */
export function judgesInChildren(program: ChildProgram, limits = judgeLimits): Judges {
  const pool = openChildPool(program, { limits, faults: judgeFaults, atOnce: 1, restAfterMs: null });
  const timeFor = (input: object): number => limits.turnMs + (sizeOf(input) / limits.bytesPerSecond) * 1000;
  return {
    of: (project) =>
      new Proxy({} as Turns, {
        get: (_, turn: string) => (input: object) => pool.ask(project, turn, input, timeFor(input)),
      }),
    rest: pool.rest,
    close: pool.close,
  };
}

/** Bytes of the files that the turn may read. */
function sizeOf(input: object): number {
  const files = 'files' in input && input.files instanceof Map ? ([...input.files.values()] as string[]) : [];
  return files.reduce((sum, place) => sum + (statSync(place, { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** `fetched`: the files that it looks at. */
export const judgeProgramOf = (ownFile: string, fetched: string): ChildProgram =>
  childProgramOf(ownFile, {
    ...{ source: 'countersigner/judges/process.ts', built: 'countersigner-judge' },
    readable: [fetched],
  });
