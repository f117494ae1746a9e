// Parts of uploads as pieces of bounded size, each kept under the offset of its first byte: what folder and bucket have in common. An upload goes on
// at any offset that counts, so pieces of an earlier try may lie there with other borders; which ones count is decided here and nowhere else.
import { isRefusal, refuse } from '#lib/core/errors.ts';

/** Held in memory for each upload that runs, and lost at most when a process is killed. */
export const pieceBytes = 8 * 1024 ** 2;

export type Piece = { offset: number; size: number };

/** What a piece is called; its number sorts as text. */
export const pieceName = (offset: number): string => String(offset).padStart(15, '0');

/** The offset in the name of a piece; null for any other name. */
export const readPieceName = (name: string): number | null => (/^\d{15}$/.test(name) ? Number(name) : null);

/** Ids of uploads become parts of paths. A mistake of ours, not of a stranger. */
export function requireUploadId(upload: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(upload)) throw new Error(`${JSON.stringify(upload)} is no id of an upload.`);
  return upload;
}

/** The pieces that lie without a gap from 0 on, in order. */
export function withoutGap(pieces: Iterable<Piece>): Piece[] {
  const at = new Map([...pieces].map((piece) => [piece.offset, piece]));
  const chain: Piece[] = [];
  for (let next = at.get(0); next && next.size > 0; next = at.get(next.offset + next.size)) chain.push(next);
  return chain;
}

/** The pieces that go when an upload goes on at `offset`: what lies there and behind. @throws `upload.wrong-offset` where no piece ended */
export function behind(pieces: readonly Piece[], offset: number): Piece[] {
  const chain = withoutGap(pieces);
  const last = chain.at(-1);
  if (offset !== 0 && !chain.some((piece) => piece.offset + piece.size === offset))
    throw refuse('upload.wrong-offset', { offset, kept: last ? last.offset + last.size : 0 });
  return pieces.filter((piece) => piece.offset >= offset);
}

/**
 * Cuts what comes into pieces and hands each to `keep` before more is read; answers how many bytes were kept, and whether the sender ended.
 * What came before a connection broke is kept as the last piece.
 * @throws `upload.too-large`, after keeping what was allowed; faults of `keep` as they are
 */
export async function keepPieces(
  bytes: AsyncIterable<Uint8Array>,
  bytesMax: number,
  keep: (at: number, piece: Buffer) => Promise<void>,
): Promise<{ kept: number; isWhole: boolean }> {
  const ending = { isWhole: true };
  let kept = 0;
  for await (const piece of cut(untilBroken(bytes, ending), bytesMax)) {
    await keep(kept, piece);
    kept += piece.length;
  }
  return { kept, ...ending };
}

/** A connection that breaks is an end like any other, but said. */
async function* untilBroken(
  bytes: AsyncIterable<Uint8Array>,
  ending: { isWhole: boolean },
): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (fault) {
    if (isRefusal(fault)) throw fault;
    ending.isWhole = false;
  }
}

/** Pieces of full size and a last one; each is overwritten when the next is asked for. */
async function* cut(bytes: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(pieceBytes, bytesMax + 1));
  let [given, filled] = [0, 0];
  for await (let rest of bytes) {
    while (rest.length > 0) {
      const taken = rest.subarray(0, Math.min(buffer.length - filled, bytesMax - given - filled));
      buffer.set(taken, filled);
      [filled, rest] = [filled + taken.length, rest.subarray(taken.length)];
      const isTooMuch = rest.length > 0 && given + filled === bytesMax;
      if (filled === buffer.length || isTooMuch) {
        if (filled > 0) yield buffer.subarray(0, filled);
        [given, filled] = [given + filled, 0];
      }
      if (isTooMuch) throw refuse('upload.too-large', { bytesMax });
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

/** The first `length` bytes of pieces without a gap. @throws `upload.parts-missing` where there are fewer */
export async function* readPieces(
  chain: readonly Piece[],
  length: number,
  open: (piece: Piece) => Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array>>,
): AsyncGenerator<Uint8Array> {
  const last = chain.at(-1);
  const there = last ? last.offset + last.size : 0;
  if (there < length) throw refuse('upload.parts-missing', { kept: there, length });
  let left = length;
  for (const piece of chain) {
    if (left === 0) return;
    for await (const bytes of await open(piece)) {
      const wanted = bytes.subarray(0, left);
      left -= wanted.length;
      if (wanted.length > 0) yield wanted;
    }
  }
}
