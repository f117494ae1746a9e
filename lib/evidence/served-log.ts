// The log as an index serves it: proofs are computed here from its tiles (C2SP tlog-tiles), never asked for. Tiles come from a stranger: how many
// are read follows from the size alone (some ten for a million entries), each has one possible length, and nothing is believed of them before
// they hash to the root of a signed checkpoint.
import { sameBytes } from '#lib/core/bytes.ts';
import { refuse } from '#lib/core/errors.ts';
import { rootOf, sizeMax, tilesFor, type HashBytes, type LogTree, type Tile } from '#lib/core/log.ts';
import type { Checkpoint } from './checkpoint.ts';
import { entriesPath, tilePath, unpackEntries } from './log-tree.ts';

/** Reads a path of the index tree; null: it is not there. */
export type ReadPath = (path: string) => Promise<Uint8Array | null>;

export type ServedLog = {
  checkpoint: Checkpoint;
  /** Does this work on the tree, with the tiles that it needs fetched at once. */
  ask<T>(work: (tree: LogTree) => T): Promise<T>;
};

/**
 * The log under a checkpoint whose signature was checked. Its `ask` refuses `log.incomplete` where a tile is missing. Refuses `log.damaged-tiles`
 * where the tiles are not those that the checkpoint signs.
 */
export async function openServedLog(checkpoint: Checkpoint, read: ReadPath, hash: HashBytes): Promise<ServedLog> {
  const { origin, size, root } = checkpoint;
  if (size > sizeMax) throw refuse('log.checkpoint', { why: `it claims ${size} entries` });
  const tiles = new Map<string, Promise<Uint8Array>>();
  const fetchTile = (tile: Tile): Promise<Uint8Array> => {
    const path = tilePath(tile);
    const bytes = tiles.get(path) ?? fetchExactly(read, path, tile.width * 32);
    tiles.set(path, bytes);
    return bytes;
  };
  const ask = async <T>(work: (tree: LogTree) => T): Promise<T> => {
    const needed = tilesFor(size, work);
    const fetched = await Promise.all(needed.map(async (tile) => [tilePath(tile), await fetchTile(tile)] as const));
    const known = new Map(fetched);
    return work({ size, hash, readTile: (tile) => known.get(tilePath(tile)) ?? new Uint8Array() });
  };
  if (!sameBytes(await ask((tree) => rootOf(tree)), root)) throw refuse('log.damaged-tiles', { origin, size });
  return { checkpoint, ask };
}

async function fetchExactly(read: ReadPath, path: string, length: number): Promise<Uint8Array> {
  const bytes = await read(path);
  if (bytes?.length !== length) throw refuse('log.incomplete', { path });
  return bytes;
}

/** The entries `from` to `size` of a log in order, a bundle at a time; whoever takes them hashes them. Refuses `log.incomplete`. */
export async function* readEntries(read: ReadPath, size: number, from = 0): AsyncGenerator<Uint8Array> {
  for (let first = from - (from % 256); first < size; first += 256) {
    const width = Math.min(256, size - first);
    const path = entriesPath(first / 256, width);
    const bytes = await read(path);
    const entries = bytes ? unpackEntries(bytes) : [];
    if (entries.length !== width) throw refuse('log.incomplete', { path });
    yield* entries.slice(Math.max(0, from - first));
  }
}
