// Where the program of a child is: the one that was built beside this program; beside the sources, where those are what runs.
import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { ChildProgram } from './limited-child.ts';

/** `source`: its entry in the repository; `built`: its name without `.mjs`; `readable`: folders of the files that it looks at. */
export type ChildPlace = { source: string; built: string; readable: readonly string[] };

/** `ownFile`: what runs here, whose folder is one below the repository, built or not. */
export function childProgramOf(ownFile: string, { source, built, readable }: ChildPlace): ChildProgram {
  const folder = path.dirname(ownFile);
  if (ownFile.endsWith('.ts')) {
    const loader = ['--import', import.meta.resolve('tsx')];
    return { entry: path.join(folder, '..', source), nodeOptions: loader, readable: null };
  }
  const packages = path.join(folder, '..', 'node_modules');
  // Each once: Node 20 aborts over a place that is given twice.
  const folders = new Set([folder, packages, realpathSync(packages), ...readable]);
  return {
    entry: path.join(folder, `${built}.mjs`),
    nodeOptions: [],
    // Up to 20.19 Node asks for the right to read the package.json above a program before it looks for what that imports.
    readable: [...[...folders].map((place) => path.join(place, '*')), path.join(folder, '..', 'package.json')],
  };
}
