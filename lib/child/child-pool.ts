// Limited children, a bounded number of them at once. A child sees one group (a project) and then ends, so that nothing of one project reaches another
// through it; the first of the next group waits ready, so that nobody waits for its start. What comes when all are at work waits its turn.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startChild, type Child, type ChildFaults, type ChildLimits, type ChildProgram } from './limited-child.ts';

export type PoolOptions = {
  limits: ChildLimits;
  faults: ChildFaults;
  /** How many turns run at once, each in a child of its own. */
  atOnce: number;
  /** After how long without work `rest` comes by itself; null: it is called. */
  restAfterMs: number | null;
};

export type ChildPool = {
  /** One turn for this group; the time counts from when it begins. Rejects as a child does. */
  ask(group: string, turn: string, input: object, milliseconds: number): Promise<unknown>;
  /** Ends the children that have nothing to do; whoever comes next meets nobody who has seen anything. */
  rest(): void;
  close(): Promise<void>;
};

/** Starts nothing before the first turn. */
export function openChildPool(program: ChildProgram, options: PoolOptions): ChildPool {
  const { atOnce, restAfterMs } = options;
  const children = holdChildren(program, options);
  let busy = 0;
  let resting: NodeJS.Timeout | undefined;
  const queue: (() => void)[] = [];
  const begin = async (): Promise<void> => {
    clearTimeout(resting);
    if (busy < atOnce) busy += 1;
    else await new Promise<void>((resolve) => queue.push(resolve));
  };
  const finish = (): void => {
    const next = queue.shift();
    if (next) return next();
    busy -= 1;
    if (busy === 0 && restAfterMs !== null) resting = setTimeout(children.rest, restAfterMs).unref();
  };
  return {
    ask: async (group, turn, input, milliseconds) => {
      await begin();
      const child = children.take(group, atOnce - busy);
      try {
        return await child.ask(turn, input, milliseconds);
      } finally {
        children.putBack(group, child);
        finish();
      }
    },
    rest: children.rest,
    close: async () => {
      clearTimeout(resting);
      await children.close();
    },
  };
}

/** The processes: those that have seen a group and wait, and the one that has seen nothing. */
function holdChildren(program: ChildProgram, { limits, faults }: PoolOptions) {
  let folder: string | null = null;
  let spare: Child | null = null;
  let idle: { group: string; child: Child }[] = [];
  const all = new Set<Child>();
  const start = (): Child => {
    folder ??= mkdtempSync(path.join(tmpdir(), 'countersign-child-'));
    const child = startChild(program, { limits, faults, folder });
    all.add(child);
    return child;
  };
  const dismiss = (child: Child): void => void child.end().then(() => all.delete(child));
  return {
    /** The one of this group, or one that has seen nothing; of the others at most `mayWait` are left. */
    take: (group: string, mayWait: number): Child => {
      const own = idle.find((held) => held.group === group && held.child.isAlive());
      idle = idle.filter((held) => held !== own);
      for (const { child } of idle.splice(0, idle.length - mayWait)) dismiss(child);
      if (own) return own.child;
      const child = spare?.isAlive() ? spare : start();
      spare = null;
      return child;
    },
    putBack: (group: string, child: Child): void => {
      if (child.isAlive()) idle.push({ group, child });
      else dismiss(child);
    },
    rest: (): void => {
      if (idle.length === 0) return;
      for (const { child } of idle.splice(0)) dismiss(child);
      if (!spare?.isAlive()) spare = start();
    },
    close: async (): Promise<void> => {
      await Promise.all([...all].map((child) => child.end()));
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    },
  };
}
