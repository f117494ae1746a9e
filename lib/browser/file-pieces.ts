// A chosen file piece by piece, in its order, without holding more of it than two pieces. Read into buffers of ours, used again and again (a BYOB reader
// of the Streams standard): a sixth faster than into new ones of the stream. Browsers without that (Safari before 26) give the stream's own.
// The bytes are hostile and are only passed on.

const pieceBytes = 1024 * 1024;

type Piece = Uint8Array<ArrayBuffer>;
/** `next`: null at the end. `giveBack`: the piece is done with and may be overwritten. */
export type Pieces = { next(): Promise<Piece | null>; giveBack(piece: Piece): void };

/** Begins to read. Two pieces can be out at once: one that is worked on and the next. Rejects where the file cannot be read any more. */
export function openPieces(file: Blob): Pieces {
  const reader = byteReader(file);
  if (reader === null) return streamPieces(file);
  const free = [new ArrayBuffer(pieceBytes), new ArrayBuffer(pieceBytes)];
  return {
    async next() {
      const { done, value } = await reader.read(new Uint8Array(free.pop() ?? new ArrayBuffer(pieceBytes)));
      return done ? null : value;
    },
    giveBack: ({ buffer }) => void free.push(buffer),
  };
}

function byteReader(file: Blob): ReadableStreamBYOBReader | null {
  try {
    return file.stream().getReader({ mode: 'byob' });
  } catch {
    return null;
  }
}

function streamPieces(file: Blob): Pieces {
  const reader = file.stream().getReader();
  return {
    async next() {
      const { done, value } = await reader.read();
      return done ? null : value;
    },
    giveBack: () => undefined,
  };
}
