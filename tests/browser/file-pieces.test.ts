// A file in pieces: put together they are the file, whichever reader the browser has.
import { describe, expect, it } from 'vitest';
import { openPieces } from '#lib/browser/file-pieces.ts';

const mib = 1024 * 1024;
const bytesOf = (size: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 16)) % 251);

/** As Safari before 26 has it: a stream without a reader for buffers of ours. */
function withoutByob(file: Blob): Blob {
  const stream = () =>
    file.stream().pipeThrough(new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>());
  return Object.assign(new Blob(), { stream });
}

/** The way of the hashing worker: one piece ahead, each given back once it was used. */
async function readWhole(file: Blob): Promise<Uint8Array> {
  const pieces = openPieces(file);
  const seen: Uint8Array[] = [];
  let ahead = pieces.next();
  for (let piece = await ahead; piece !== null; piece = await ahead) {
    ahead = pieces.next();
    seen.push(piece.slice());
    pieces.giveBack(piece);
  }
  return new Uint8Array(await new Blob(seen as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

describe.each([
  ['a reader for our buffers', (file: Blob) => file],
  ["the stream's own reader", withoutByob],
])('with %s', (_, as) => {
  it.each([0, 1, mib - 1, mib, mib + 1, 3 * mib + 5])('%i octets come whole and in order', async (size) => {
    const bytes = bytesOf(size);
    expect(Buffer.compare(await readWhole(as(new Blob([bytes]))), bytes)).toBe(0);
  });

  it('a file that cannot be read rejects', async () => {
    const stream = () => new ReadableStream({ type: 'bytes', pull: () => Promise.reject(new Error('gone')) });
    await expect(readWhole(as(Object.assign(new Blob(), { stream })))).rejects.toThrow('gone');
  });
});
