// The count of hand-backs, kept outside the state folder and its backups (COUNTER_FILE, threats.md, 99): raised before anything leaves this machine, and never
// lowered. A state that ends before it was put back, and nothing is signed from it, even if the web program was put back together with it.
import { existsSync, readFileSync } from 'node:fs';
import { refuse } from '#lib/core/errors.ts';
import { readInstanceState } from './instance-state.ts';
import { writeDurably, type Store } from './store.ts';
import type { WebProgram } from './web-program.ts';

const readCount = (file: string): number => {
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '0';
  if (!/^[0-9]{1,12}$/.test(text)) throw refuse('countersigner.settings', { why: `${file} holds no number` });
  return Number(text);
};

const signedIn = (store: Store): number => readInstanceState(store)?.sequence ?? 0;

/** Refuses `countersigner.counter` where more was counted than the state knows of. */
export function requireCounted(store: Store, file: string | null): void {
  if (file === null) return;
  const [counted, own] = [readCount(file), signedIn(store)];
  if (counted > own) throw refuse('countersigner.counter', { file, counted, own });
}

/** Counts what was signed, before it leaves this machine. */
export function countSigned(store: Store, file: string | null): void {
  if (file === null) return;
  const own = signedIn(store);
  if (own > readCount(file)) writeDurably(file, Buffer.from(`${own}\n`));
}

/** The same web program; what is posted to it is counted first. */
export function counting(web: WebProgram, store: Store, file: string | null): WebProgram {
  if (file === null) return web;
  return {
    ...web,
    postResults: async (handback, sha256) => {
      countSigned(store, file);
      await web.postResults(handback, sha256);
    },
  };
}
