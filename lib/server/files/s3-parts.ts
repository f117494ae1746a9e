// Parts of uploads in the bucket: `parts/UPLOAD/OFFSET`, one object a piece, so that any process goes on with them. Which ones count is decided in pieces.ts.
// Each has its digest beside it: a piece that comes back as something else is the store's fault (`storage.other-bytes`) and costs a request, not the upload.
import type { Bucket } from './bucket.ts';
import { refuse } from '#lib/core/errors.ts';
import {
  behind,
  keepPieces,
  pieceName,
  readPieceName,
  readPieces,
  requireUploadId,
  withoutGap,
  type Piece,
} from './pieces.ts';
import type { Parts } from './store.ts';

/** The parts of all uploads in a bucket. */
export function openS3Parts(bucket: Bucket): Parts {
  const place = (upload: string): string => `parts/${requireUploadId(upload)}/`;
  const keyOf = (upload: string, offset: number): string => `${place(upload)}${pieceName(offset)}`;
  const piecesOf = async (upload: string): Promise<Piece[]> => {
    const pieces: Piece[] = [];
    for await (const { key, size } of bucket.list(place(upload))) {
      const offset = readPieceName(key.slice(place(upload).length));
      if (offset !== null) pieces.push({ offset, size });
    }
    return pieces;
  };
  return {
    put: async (upload, offset, bytes, { bytesMax }) => {
      for (const piece of behind(await piecesOf(upload), offset)) await bucket.remove(keyOf(upload, piece.offset));
      return keepPieces(bytes, bytesMax, (at, piece) => bucket.putSealed(keyOf(upload, offset + at), piece));
    },
    kept: async (upload) => {
      const last = withoutGap(await piecesOf(upload)).at(-1);
      return last ? last.offset + last.size : 0;
    },
    read: async function* (upload, length) {
      yield* readPieces(withoutGap(await piecesOf(upload)), length, async ({ offset, size }) => {
        const found = await bucket.getSealed(keyOf(upload, offset), size);
        if (found === null || found.length < size) throw refuse('upload.parts-missing', { kept: offset, length });
        return [found];
      });
    },
    remove: async (upload) => {
      for (const { offset } of await piecesOf(upload)) await bucket.remove(keyOf(upload, offset));
    },
    uploads: async function* () {
      let last = '';
      for await (const { key } of bucket.list('parts/')) {
        const [, upload = ''] = key.split('/');
        if (upload !== last) yield upload;
        last = upload;
      }
    },
  };
}
