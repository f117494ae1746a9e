// Parts of uploads in a folder: `parts/UPLOAD/OFFSET`, each piece written beside, synced and renamed, so that whatever lies there is whole.
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
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
import { isAbsent, putInPlace } from './take-in.ts';

/** The parts below `folder`; what is being written lies in `incoming`. */
export function openFolderParts(folder: string, incoming: string): Parts {
  const place = (upload: string): string => path.join(folder, requireUploadId(upload));
  const keep = async (upload: string, offset: number, piece: Buffer): Promise<void> => {
    const temporary = path.join(incoming, randomUUID());
    try {
      await writeFile(temporary, piece, { flag: 'wx', mode: 0o600, flush: true });
      await putInPlace(temporary, path.join(place(upload), pieceName(offset)));
    } finally {
      await rm(temporary, { force: true });
    }
  };
  const chainOf = async (upload: string): Promise<Piece[]> => withoutGap(await piecesIn(place(upload)));
  return {
    put: async (upload, offset, bytes, { bytesMax }) => {
      for (const piece of behind(await piecesIn(place(upload)), offset))
        await rm(path.join(place(upload), pieceName(piece.offset)), { force: true });
      return keepPieces(bytes, bytesMax, (at, piece) => keep(upload, offset + at, piece));
    },
    kept: async (upload) => {
      const last = (await chainOf(upload)).at(-1);
      return last ? last.offset + last.size : 0;
    },
    read: async function* (upload, length) {
      yield* readPieces(await chainOf(upload), length, async ({ offset }) =>
        createReadStream(path.join(place(upload), pieceName(offset))),
      );
    },
    remove: (upload) => rm(place(upload), { recursive: true, force: true }),
    uploads: async function* () {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      yield* await readdir(folder);
    },
  };
}

async function piecesIn(folder: string): Promise<Piece[]> {
  const names = (await readdir(folder).catch(isAbsent)) || [];
  const pieces: Piece[] = [];
  for (const name of names) {
    const [offset, found] = [readPieceName(name), await stat(path.join(folder, name)).catch(isAbsent)];
    if (offset !== null && found) pieces.push({ offset, size: found.size });
  }
  return pieces;
}
