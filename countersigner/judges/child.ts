// A judge in a process of its own (threats.md, 102): a heap, a memory and a time, and nothing else: no environment, an empty folder to stand in, no
// file to write, and, where Node can hold it to that, only its own program and the fetched files to read. What it opens is hostile: a
// child that hangs, grows or dies costs what it was looking at (`countersigner.judge-ended`).
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { refusalOf, refuse } from '#lib/core/errors.ts';
import type { Answer } from './serve-turns.ts';

/** How a judge is started. `readable`: what it may read; null: Node is not asked to hold it to that (sources, run by a loader). */
export type JudgeProgram = { entry: string; nodeOptions: readonly string[]; readable: readonly string[] | null };

export type JudgeLimits = { heapMegabytes: number; memoryMegabytes: number; turnMs: number; bytesPerSecond: number };

/** For each turn: two minutes, and what reading its files at a slow disk's pace takes. */
export const judgeLimits: JudgeLimits = {
  ...{ heapMegabytes: 512, memoryMegabytes: 1024 },
  ...{ turnMs: 120_000, bytesPerSecond: 10_000_000 },
};

export type Child = {
  isAlive(): boolean;
  /** One turn; rejects with what it refuses, with `countersigner.judge-ended`, or with the fault that it is. */
  ask(turn: string, input: object, milliseconds: number): Promise<unknown>;
  /** Resolves when the process is gone. */
  end(): Promise<void>;
};

type Waiting = { resolve: (result: unknown) => void; reject: (fault: Error) => void; timer: NodeJS.Timeout };

const memoryLookMs = 100;
const saidMost = 4_000;

/** Starts one. It keeps this process from ending only while an answer is due. */
export function startChild(program: JudgeProgram, limits: JudgeLimits, folder: string): Child {
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
  child.on('message', (answer: Answer) => settle(waiting, answer));
  const ended = new Promise<void>((resolve) => {
    const end = (code: number | null, signal: string | null): void => {
      clearInterval(watching);
      const because = why ?? sayEnd(code, signal);
      if (waiting.size > 0) tell(because, said);
      for (const { reject, timer } of waiting.values()) {
        clearTimeout(timer);
        reject(refuse('countersigner.judge-ended', { why: because }));
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
      child.kill('SIGKILL');
      return ended;
    },
  };
}

// Processor time, so that a hung child that outlives us ends; no core file; no file to write at all.
const shell = 'ulimit -t 3600; ulimit -c 0; ulimit -f 0; exec "$0" "$@"';

function spawnLimited(program: JudgeProgram, { heapMegabytes }: JudgeLimits, cwd: string): ChildProcess {
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

function permissionsOf({ readable }: JudgeProgram): string[] {
  if (readable === null) return [];
  const isFinal = process.allowedNodeEnvironmentFlags.has('--permission');
  const reading = readable.map((place) => `--allow-fs-read=${place}`);
  return [isFinal ? '--permission' : '--experimental-permission', '--allow-worker', ...reading];
}

function settle(waiting: Map<number, Waiting>, answer: Answer): void {
  const asked = waiting.get(answer.id);
  if (!asked) return;
  waiting.delete(answer.id);
  clearTimeout(asked.timer);
  if ('refusal' in answer) asked.reject(refusalOf(answer.refusal));
  else if ('fault' in answer) asked.reject(new Error(`A judge failed: ${answer.fault}`));
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
  process.stderr.write(`${JSON.stringify({ level: 'error', judge: why, said })}\n`);
}
