// Digests of files: read once, in a thread, for all signatures over them at the same time (performance.md, 1.4 and 1.6), so that
// hashing a gigabyte never stops the server's event loop. Two threads, started when needed and ended when idle. The path is the
// caller's own (a digest in the store, a file that the person named); contents are hostile and are only hashed.
import { Worker } from 'node:worker_threads';
import type { DigestRequest } from '#lib/core/digest.ts';
import { workerSource } from './worker-source.ts';

export type PlainDigest = 'sha256' | 'sha512' | 'sha1' | 'md5' | 'blake2b256';

export type DigestTask = { plain: readonly PlainDigest[]; tails: readonly DigestRequest[] };

/** `plain` in lower-case hex by name; `tails` in the order asked for. */
export type DigestedFile = { size: number; plain: Readonly<Record<PlainDigest, string>>; tails: Uint8Array[] };

const threadsMax = 2;
const idleMs = 5_000;

type Job = {
  task: DigestTask & { path: string };
  resolve: (result: DigestedFile) => void;
  reject: (fault: Error) => void;
};
type Answer =
  { result: DigestedFile; fault?: undefined } | { result?: undefined; fault: { message: string; code?: string } };
type Thread = { worker: Worker; job: Job | null; idle: NodeJS.Timeout | null };

const waiting: Job[] = [];
const threads = new Set<Thread>();

/** Digests a whole file. Rejects with the fault of the file system (`code` as Node gives it) where it cannot be read. */
export function digestFile(path: string, task: DigestTask): Promise<DigestedFile> {
  return new Promise((resolve, reject) => {
    waiting.push({ task: { ...task, path }, resolve, reject });
    dispatch();
  });
}

function dispatch(): void {
  const free = [...threads].find((thread) => thread.job === null) ?? (threads.size < threadsMax ? startThread() : null);
  const job = free && waiting.shift();
  if (!free || !job) return;
  free.job = job;
  if (free.idle) clearTimeout(free.idle);
  free.worker.ref();
  free.worker.postMessage({ id: 0, task: job.task });
}

function startThread(): Thread {
  // From where the thread finds hash-wasm: this file (or the bundle it is in), else the folder the program was started in.
  const from = [import.meta.url, `${process.cwd()}/`];
  const worker = new Worker(workerSource, { eval: true, workerData: { from } });
  const thread: Thread = { worker, job: null, idle: null };
  threads.add(thread);
  worker.on('message', (answer: Answer) => finish(thread, answer));
  worker.on('error', (fault) => endThread(thread, fault));
  worker.on('exit', () => endThread(thread, new Error('The hashing thread ended.')));
  return thread;
}

function finish(thread: Thread, { result, fault }: Answer): void {
  const { job } = thread;
  thread.job = null;
  thread.worker.unref();
  thread.idle = setTimeout(() => retire(thread), idleMs).unref();
  if (result) job?.resolve(result);
  else job?.reject(Object.assign(new Error(fault.message), { code: fault.code }));
  dispatch();
}

/** Nobody gives it a file any more from here on: until it has ended it would take one and lose it. */
function retire(thread: Thread): void {
  threads.delete(thread);
  void thread.worker.terminate();
}

function endThread(thread: Thread, fault: Error): void {
  if (!threads.delete(thread)) return;
  thread.job?.reject(fault);
  dispatch();
}
