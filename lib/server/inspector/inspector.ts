// Who looks into uploaded archives: a child process with limits, as the countersigner's judges have it (lib/child), or, in tests and scripts, this very
// process. The same functions either way (turns.ts). A child that hangs, fills its memory or dies costs the upload that it looked at
// (`distribution.gave-out`), and the next one goes on; more than a few at once wait their turn.
import { realpathSync } from 'node:fs';
import { openChildPool } from '#lib/child/child-pool.ts';
import { childProgramOf } from '#lib/child/child-program.ts';
import type { ChildFaults, ChildLimits, ChildProgram } from '#lib/child/limited-child.ts';
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName } from '#lib/core/ids.ts';
import type { Config } from '#lib/server/config.ts';
import { localFolders } from '#lib/server/files/store.ts';
import { limits } from '#lib/server/limits.ts';
import { turns, type Turns } from './turns.ts';

export type Inspector = {
  /** Looks into what came for this project; its child never sees what came for another. */
  of(project: ProjectName): Turns;
  close(): Promise<void>;
};

export type InspectorLimits = ChildLimits & { turnMs: number; atOnce: number; restMs: number };

const inspectorLimits: InspectorLimits = {
  ...{ heapMegabytes: limits.inspectorHeapMegabytes, memoryMegabytes: limits.inspectorMemoryMegabytes },
  ...{ turnMs: limits.inspectorTurnMs, atOnce: limits.inspectorsAtOnce, restMs: limits.inspectorRestMs },
};

const faults: ChildFaults = {
  ended: (why) => refuse('distribution.gave-out', { why }),
  failed: (fault) => {
    process.stderr.write(`${JSON.stringify({ level: 'error', child: 'a turn failed', fault })}\n`);
    return refuse('distribution.gave-out', { why: 'something that it does not know' });
  },
};

/** Starts nothing before the first turn. */
export function inspectorInChildren(program: ChildProgram, given = inspectorLimits): Inspector {
  const pool = openChildPool(program, { limits: given, faults, atOnce: given.atOnce, restAfterMs: given.restMs });
  return {
    of: (project) =>
      new Proxy({} as Turns, {
        get: (_, turn: string) => (input: object) => pool.ask(project, turn, input, given.turnMs),
      }),
    close: pool.close,
  };
}

/** In this process, without a child's limits. */
export const inspectorHere = (): Inspector => ({ of: () => turns, close: async () => undefined });

/** `ownFile`: the program that runs. A child may read the stored files on this disk, and nothing else of the data folder. */
export function inspectorProgramOf(ownFile: string, { dataFolder }: Pick<Config, 'dataFolder'>): ChildProgram {
  const readable = localFolders(dataFolder);
  return childProgramOf(ownFile, { source: 'lib/server/inspector/process.ts', built: 'inspector', readable });
}

/** The inspector of the program that runs, for whichever opens archives: web, and jobs where it compares them. */
export const inspectorOfThisProgram = (config: Pick<Config, 'dataFolder'>): Inspector =>
  inspectorInChildren(inspectorProgramOf(realpathSync(process.argv[1] ?? ''), config));
