// The hashing worker: one file in, its digests out. A chosen file it reads by itself, as a stream; a download is handed to it in chunks, since
// its own policy has no network. It may compile WebAssembly, and sees no key.
import { openPieces } from './file-pieces.ts';
import { startHashing } from './hashing.ts';
import type { HashReport, HashWish } from './hash-file.ts';

const hashing = startHashing();
const report = (said: HashReport): void => postMessage(said);
const pause = 100;

async function take(wish: HashWish): Promise<void> {
  const { update, finish } = await hashing;
  if (wish.kind === 'chunk') {
    update(wish.chunk);
    return report({ kind: 'took', bytes: wish.chunk.length });
  }
  if (wish.kind === 'file') await readAll(wish.file, update);
  report({ kind: 'digest', digest: finish() });
}

async function readAll(file: Blob, update: (chunk: Uint8Array) => void): Promise<void> {
  const pieces = openPieces(file);
  let [bytes, told] = [0, 0];
  let ahead = pieces.next();
  for (let piece = await ahead; piece !== null; piece = await ahead) {
    ahead = pieces.next(); // the browser reads while this one is hashed
    update(piece);
    bytes += piece.length;
    pieces.giveBack(piece);
    if (performance.now() - told < pause) continue;
    told = performance.now();
    report({ kind: 'took', bytes });
    bytes = 0;
  }
}

let queue: Promise<void> = Promise.resolve();
addEventListener('message', (event: MessageEvent<HashWish>) => {
  queue = queue
    .then(() => take(event.data))
    .catch((fault: unknown) => report({ kind: 'failed', why: fault instanceof Error ? fault.message : 'unknown' }));
});
