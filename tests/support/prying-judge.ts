// A judge that was taken over: it tries what an intruder in it would try, and says how that went.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { serveTurns } from '#lib/child/serve-turns.ts';
import { turns } from '../../countersigner/judges/turns.ts';

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'done';
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code ?? String(fault);
  }
};

// What Node itself needs to speak with its parent, and what says nothing.
const harmless = /^(?:NODE_CHANNEL_|NODE_ENV$|PWD$|SHLVL$|_$|OLDPWD$)/;

serveTurns({
  ...turns,
  pry: async ({ state }: { state: string }) => ({
    key: codeOf(() => readFileSync(path.join(state, 'index-private.asc'))),
    folder: codeOf(() => readdirSync(state)),
    write: codeOf(() => writeFileSync(path.join(state, 'left'), 'x')),
    start: codeOf(() => spawnSync('/bin/true')),
    environment: Object.keys(process.env).filter((name) => !harmless.test(name)),
  }),
});
