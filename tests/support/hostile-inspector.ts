// An inspector whose work goes wrong as a hostile archive might make it go wrong: by the name that the archive came under. Started in place of the
// product's own (lib/server/inspector/process.ts), which has no such hook.
import { setTimeout as pause } from 'node:timers/promises';
import { serveTurns } from '#lib/child/serve-turns.ts';
import { turns, type InspectInput } from '#lib/server/inspector/turns.ts';

const kept: unknown[] = [];

const wrongs: Record<string, () => unknown> = {
  hang: () => {
    for (;;) kept.length = 0;
  },
  heap: () => {
    for (;;) kept.push({ text: String(kept.length).repeat(1000) });
  },
  memory: async () => {
    for (;;) {
      kept.push(Buffer.alloc(16 * 1024 ** 2, 1));
      await pause(1);
    }
  },
  end: () => process.exit(0),
  crash: () => process.kill(process.pid, 'SIGSEGV'),
  mistake: () => {
    throw new TypeError('Cannot read properties of undefined');
  },
};

serveTurns({
  ...turns,
  inspect: async (input: InspectInput) => {
    await wrongs[input.name.split('-')[0] ?? '']?.();
    return turns.inspect(input);
  },
});
