// Who decides over hostile bytes: a child process for each project (child.ts), or, where nothing hostile can come, this very process. The same
// functions either way (turns.ts). What cost a judge its life is set aside for a while, so that it never holds up what others wait for.
import type { ProjectName } from '#lib/core/ids.ts';
import { turns, type Turns } from './turns.ts';

export type Judges = {
  /** The one that judges this project; it never sees another one. */
  of(project: ProjectName): Turns;
  /** A round is over: whoever comes next meets nobody who has seen anything. */
  rest(): void;
  close(): Promise<void>;
};

/** In this process, without limits: for tests of the rules. */
export const judgesHere = (): Judges => ({ of: () => turns, rest: () => undefined, close: async () => undefined });
