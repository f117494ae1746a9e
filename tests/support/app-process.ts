// One app process of a race: its own runtime on the shared database and data folder, told by its parent what to run and when to go on. Every hold
// point is reported, and passed when the parent says so.
import { readConfig } from '#lib/server/config.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import { asRefusal } from '#lib/server/http/refusal.ts';
import { runHere, type Ready } from './race-commands.ts';

export type ToApp =
  | { kind: 'open'; environment: Record<string, string>; now: number }
  | { kind: 'run'; id: number; ready: Ready; now: number }
  | { kind: 'pass'; id: number }
  | { kind: 'close' };
export type FromApp =
  | { kind: 'opened' }
  | { kind: 'ended'; id: number; code: string | null; result: unknown; message: string }
  | { kind: 'reached'; id: number; point: string };

const tell = (message: FromApp): void => void process.send?.(message);
const waiting = new Map<number, () => void>();
let reached = 0;
/** The clock of the test. */
let now = 0;
let close = async (): Promise<void> => undefined;

const hold = (point: string): Promise<void> =>
  new Promise((resolve) => {
    reached += 1;
    waiting.set(reached, resolve);
    tell({ kind: 'reached', id: reached, point });
  });

async function run(id: number, ready: Ready): Promise<void> {
  await runHere(ready).then(
    (result) => tell({ kind: 'ended', id, code: null, result, message: '' }),
    (fault: unknown) => {
      const { code, message } = asRefusal(fault);
      tell({ kind: 'ended', id, code, result: null, message });
    },
  );
}

async function answer(message: ToApp): Promise<void> {
  if (message.kind === 'open') {
    now = message.now;
    const clock = { now: () => new Date(now) };
    const opened = await openRuntime(readConfig(message.environment), { clock });
    opened.hold = hold;
    close = opened.close;
    tell({ kind: 'opened' });
  }
  if (message.kind === 'run') {
    now = message.now;
    await run(message.id, message.ready);
  }
  if (message.kind === 'pass') waiting.get(message.id)?.();
  if (message.kind === 'close') {
    await close();
    process.exit(0);
  }
}

process.on('message', (message: ToApp) => void answer(message));
// The test ended without saying so.
process.on('disconnect', () => process.exit(1));
