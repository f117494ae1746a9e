// Judges in child processes. A child sees one project in one round, so that nothing of one project reaches another through it; the first of
// the next round waits ready, so that nobody waits for its start.
import { mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ProjectName } from '#lib/core/ids.ts';
import { judgeLimits, startChild, type Child, type JudgeProgram } from './child.ts';
import type { Judges } from './judges.ts';
import type { Turns } from './turns.ts';

/** Starts nothing before the first turn. */
export function judgesInChildren(program: JudgeProgram, limits = judgeLimits): Judges {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-judge-'));
  let current: { project: ProjectName; child: Child } | null = null;
  let spare: Child | null = null;
  const start = (): Child => startChild(program, limits, folder);
  const dismiss = (): void => {
    void current?.child.end();
    current = null;
  };
  const childFor = (project: ProjectName): Child => {
    if (current?.project === project && current.child.isAlive()) return current.child;
    dismiss();
    const child = spare?.isAlive() ? spare : start();
    spare = null;
    current = { project, child };
    return child;
  };
  const askOf = (project: ProjectName, turn: string) => (input: object) =>
    childFor(project).ask(turn, input, limits.turnMs + (sizeOf(input) / limits.bytesPerSecond) * 1000);
  return {
    of: (project) => new Proxy({} as Turns, { get: (_, turn: string) => askOf(project, turn) }),
    rest: () => {
      if (!current) return;
      dismiss();
      if (!spare?.isAlive()) spare = start();
    },
    close: async () => {
      await Promise.all([current?.child.end(), spare?.end()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Bytes of the files that the turn may read. */
function sizeOf(input: object): number {
  const files = 'files' in input && input.files instanceof Map ? ([...input.files.values()] as string[]) : [];
  return files.reduce((sum, place) => sum + (statSync(place, { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** The judge that was built beside this program; beside its source, where that is what runs. `fetched`: the files that it looks at. */
export function judgeProgramOf(ownFile: string, fetched: string): JudgeProgram {
  const folder = path.dirname(ownFile);
  if (ownFile.endsWith('.ts')) {
    const loader = ['--import', import.meta.resolve('tsx')];
    return { entry: path.join(folder, 'judges', 'process.ts'), nodeOptions: loader, readable: null };
  }
  const packages = path.join(folder, '..', 'node_modules');
  return {
    entry: path.join(folder, 'countersigner-judge.mjs'),
    nodeOptions: [],
    // Each once: Node 20 aborts over a place that is given twice.
    readable: [...new Set([folder, packages, realpathSync(packages), fetched])].map((place) => path.join(place, '*')),
  };
}
