// Where hostile bytes are opened: a process with a heap, a memory and a time, and nothing else: no environment, an empty folder to stand in, no
// file to write, and, where Node can hold it to that, only its own program and the named files to read (threats.md, 87 and 102). A child
// that hangs, grows or dies costs what it was looking at; its starter says as which refusal.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { refusalOf } from '#lib/core/errors.ts';
import type { Answer } from './serve-turns.ts';

/** How a child is started. `readable`: what it may read; null: Node is not asked to hold it to that (sources, run by a loader). */
export type ChildProgram = { entry: string; nodeOptions: readonly string[]; readable: readonly string[] | null };

export type ChildLimits = { heapMegabytes: number; memoryMegabytes: number };

/** What is said of a child that was lost, and of a turn in it that went wrong by our own mistake. */
export type ChildFaults = { ended(why: string): Error; failed(fault: string): Error };

/** `folder`: an empty one to stand in. */
export type ChildSetting = { limits: ChildLimits; faults: ChildFaults; folder: string };

export type Child = {
  isAlive(): boolean;
  /** One turn; rejects with what it refuses, or with the faults that its starter named. */
  ask(turn: string, input: object, milliseconds: number): Promise<unknown>;
  /** Resolves when the process is gone. */
  end(): Promise<void>;
};

type Waiting = { resolve: (result: unknown) => void; reject: (fault: Error) => void; timer: NodeJS.Timeout };

const memoryLookMs = 100;
const saidMost = 4_000;

/** Starts one. It keeps this process from ending only while an answer is due. */
export function startChild(program: ChildProgram, { limits, faults, folder }: ChildSetting): Child {
  const child = spawnLimited(program, limits, folder);
  const waiting = new Map<number, Waiting>();
  let why: string | null = null;
  let said = '';
  const kill = (reason: string): void => {
    why ??= reason;
    child.kill('SIGKILL');
  };
  const watching = setInterval(() => {
    if (megabytesOf(child) > limits.memoryMegabytes) kill(`more than ${limits.memoryMegabytes} MB of memory`);
  }, memoryLookMs).unref();
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString('latin1')).slice(-saidMost)));
  child.on('message', (answer: Answer) => settle(waiting, answer, faults));
  const ended = new Promise<void>((resolve) => {
    const end = (code: number | null, signal: string | null): void => {
      clearInterval(watching);
      const because = why ?? sayEnd(code, signal);
      if (waiting.size > 0) tell(because, said);
      for (const { reject, timer } of waiting.values()) {
        clearTimeout(timer);
        reject(faults.ended(because));
      }
      waiting.clear();
      resolve();
    };
    child.on('exit', end);
    child.on('error', () => end(null, null));
  });
  let asked = 0;
  return {
    isAlive: () => child.exitCode === null && child.signalCode === null && child.connected,
    ask: (turn, input, milliseconds) =>
      new Promise((resolve, reject) => {
        const id = (asked += 1);
        const timer = setTimeout(() => kill(`more than ${Math.ceil(milliseconds / 1000)} seconds`), milliseconds);
        waiting.set(id, { resolve, reject, timer });
        child.send({ id, turn, input }, (fault) => void (fault && kill('it could not be asked')));
      }),
    end: () => {
      child.ref(); // whoever waits for its end must live to see it
      child.kill('SIGKILL');
      return ended;
    },
  };
}

// Processor time, so that a hung child that outlives us ends; no core file; no file to write at all.
const shell = 'ulimit -t 3600; ulimit -c 0; ulimit -f 0; exec "$0" "$@"';

function spawnLimited(program: ChildProgram, { heapMegabytes }: ChildLimits, cwd: string): ChildProcess {
  const options = ['--no-warnings', `--max-old-space-size=${heapMegabytes}`, ...permissionsOf(program)];
  const command = [process.execPath, ...options, ...program.nodeOptions, program.entry];
  const [file = '', ...args] = process.platform === 'win32' ? command : ['/bin/sh', '-c', shell, ...command];
  const child = spawn(file, args, {
    ...{ cwd, env: { NODE_ENV: 'production' }, serialization: 'advanced' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  (child.stderr as { unref?: () => void } | null)?.unref?.();
  return child;
}

function permissionsOf({ readable }: ChildProgram): string[] {
  if (readable === null) return [];
  const isFinal = process.allowedNodeEnvironmentFlags.has('--permission');
  const reading = readable.map((place) => `--allow-fs-read=${place}`);
  return [isFinal ? '--permission' : '--experimental-permission', '--allow-worker', ...reading];
}

function settle(waiting: Map<number, Waiting>, answer: Answer, faults: ChildFaults): void {
  const asked = waiting.get(answer.id);
  if (!asked) return;
  waiting.delete(answer.id);
  clearTimeout(asked.timer);
  if ('refusal' in answer) asked.reject(refusalOf(answer.refusal));
  else if ('fault' in answer) asked.reject(faults.failed(answer.fault));
  else asked.resolve(answer.result);
}

/** What it has in memory; 0 where the system does not say. */
function megabytesOf({ pid }: ChildProcess): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // gone meanwhile, or no Linux
  }
}

/** V8 aborts where the heap is full. */
const sayEnd = (code: number | null, signal: string | null): string =>
  signal === 'SIGABRT' || code === 134 ? 'more memory than there is for it' : `it ended with ${signal ?? code}`;

function tell(why: string, said: string): void {
  process.stderr.write(`${JSON.stringify({ level: 'error', child: why, said })}\n`);
}
