// A judge whose work goes wrong as hostile input might make it go wrong: by the version of the draft that it looks at. Started in place of the product's
// own (countersigner/judges/process.ts), which has no such hook.
import { setTimeout as pause } from 'node:timers/promises';
import type { ReCheckInput } from '../../countersigner/re-check.ts';
import { serveTurns } from '#lib/child/serve-turns.ts';
import { turns } from '../../countersigner/judges/turns.ts';

const kept: unknown[] = [];

const wrongs: Record<string, () => unknown> = {
  '6.1': () => {
    for (;;) kept.length = 0; // hangs, and hears nothing meanwhile
  },
  '6.2': () => {
    for (;;) kept.push({ text: String(kept.length).repeat(1000) }); // fills the heap
  },
  '6.3': async () => {
    for (;;) {
      kept.push(Buffer.alloc(16 * 1024 ** 2, 1)); // fills the memory beside the heap
      await pause(1);
    }
  },
  '6.4': () => process.exit(0), // ends without a word
  '6.5': () => process.kill(process.pid, 'SIGSEGV'),
  '6.6': () => {
    throw new TypeError('Cannot read properties of undefined');
  },
};

serveTurns({
  ...turns,
  reCheck: async (input: ReCheckInput) => {
    await wrongs[input.draft.version]?.();
    return turns.reCheck(input);
  },
});
