// The page's side of hashing: a file of this machine, or one that is downloaded, through a worker of its own, with progress, and ended at once
// when the reader stops it. The page itself only passes chunks on, and never more than a few MiB ahead of the worker.
// What comes out is compared by the caller; refuses `check.failed` with the name of the file where it could not be read or fetched.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { FileDigest } from './hashing.ts';

/** A file of this machine, or the address of one of ours. */
export type HashSource = { name: string; from: Blob | string };

/** To the worker: one chunk after the other and then `end`, or one `file`. */
export type HashWish = { kind: 'chunk'; chunk: Uint8Array } | { kind: 'file'; file: Blob } | { kind: 'end' };

/** From the worker. */
export type HashReport =
  { kind: 'took'; bytes: number } | { kind: 'digest'; digest: FileDigest } | { kind: 'failed'; why: string };

export type HashOptions = {
  /** Called with the bytes that were hashed since the last call. */
  onProgress?: (bytes: number) => void;
  signal?: AbortSignal;
};

const aheadMax = 8 * 1024 * 1024;

/** Hashes one file. Rejects with `check.failed`, or with the signal's reason once it is stopped. */
export async function hashFile(source: HashSource, options: HashOptions = {}): Promise<FileDigest> {
  const worker = openWorker(options);
  try {
    options.signal?.throwIfAborted();
    const { from } = source;
    if (typeof from === 'string') await passOn(await download(from, options.signal), worker);
    worker.post(typeof from === 'string' ? { kind: 'end' } : { kind: 'file', file: from });
    return await worker.digest;
  } catch (fault) {
    options.signal?.throwIfAborted();
    if (isRefusal(fault)) throw fault;
    throw refuse('check.failed', { name: source.name }, fault);
  } finally {
    worker.end();
  }
}

async function download(address: string, signal: AbortSignal | undefined): Promise<ReadableStream<Uint8Array>> {
  const answer = await fetch(address, { cache: 'no-store', redirect: 'error', ...(signal && { signal }) });
  if (!answer.ok || !answer.body) throw new Error(`the server answered ${answer.status}`);
  return answer.body;
}

type HashWorker = ReturnType<typeof openWorker>;

async function passOn(stream: ReadableStream<Uint8Array>, worker: HashWorker): Promise<void> {
  const reader = stream.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    worker.post({ kind: 'chunk', chunk: read.value });
    while (worker.ahead() > aheadMax) await worker.took();
  }
}

/** The worker with its reports as promises. `digest` rejects for whatever goes wrong in it, and when the signal says stop. */
function openWorker({ onProgress, signal }: HashOptions) {
  const worker = new Worker('/assets/hash-worker.js');
  let ahead = 0;
  let wake: () => void = () => undefined;
  const digest = new Promise<FileDigest>((resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
    worker.onerror = () => reject(new Error('the hashing script could not be loaded or run'));
    worker.onmessage = ({ data: report }: MessageEvent<HashReport>) => {
      if (report.kind === 'digest') return resolve(report.digest);
      if (report.kind === 'failed') return reject(new Error(report.why));
      ahead -= report.bytes;
      onProgress?.(report.bytes);
      wake();
    };
  });
  digest.catch(() => undefined);
  return {
    digest,
    ahead: () => ahead,
    /** Resolves when the worker has taken something; rejects with `digest`. */
    took: () => Promise.race([new Promise<void>((resolve) => (wake = resolve)), digest]),
    post(wish: HashWish) {
      if (wish.kind !== 'chunk') return worker.postMessage(wish);
      ahead += wish.chunk.length;
      worker.postMessage(wish, [wish.chunk.buffer]);
    },
    end: () => worker.terminate(),
  };
}
