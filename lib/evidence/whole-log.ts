// The log read from its first entry to its last, by whoever has to know all of it (an audit, a web program that is brought up to what was published). That these are
// the entries that the checkpoint signs is established by hashing all of them into a tree of our own, not by tiles that the index serves. Refuses too few entries and another root.
import { sameBytes } from '#lib/core/bytes.ts';
import { refuse } from '#lib/core/errors.ts';
import { appendLeaves, leafHash, rootOf, tileWidth, type HashBytes, type LogTree } from '#lib/core/log.ts';
import type { Checkpoint } from './checkpoint.ts';
import { readEntries, type ReadPath } from './served-log.ts';

/** Hands each entry (hostile) to `take`, in its order. Refuses `log.incomplete`, and `log.damaged-tiles` after the last one. */
export async function readAllEntries(
  read: ReadPath,
  { origin, size, root }: Checkpoint,
  hash: HashBytes,
  take: (bytes: Uint8Array, number: number) => void,
): Promise<void> {
  const own = growing(hash);
  let number = 0;
  for await (const bytes of readEntries(read, size)) {
    own.add(leafHash(hash, bytes));
    take(bytes, number);
    number += 1;
  }
  if (!sameBytes(own.root(), root)) throw refuse('log.damaged-tiles', { origin, size });
}

/** A tree that takes leaves one by one; only the newest state of each tile is kept. */
function growing(hash: HashBytes): { add(leaf: Uint8Array): void; root(): Uint8Array } {
  const tiles = new Map<string, Uint8Array>();
  const nameOf = ({ level, index }: { level: number; index: number }): string => `${level}/${index}`;
  const tree: LogTree = { size: 0, hash, readTile: (tile) => tiles.get(nameOf(tile)) ?? new Uint8Array() };
  let waiting: Uint8Array[] = [];
  const flush = (): void => {
    for (const { tile, bytes } of appendLeaves(tree, waiting)) tiles.set(nameOf(tile), bytes);
    tree.size += waiting.length;
    waiting = [];
  };
  return {
    add: (leaf) => {
      waiting.push(leaf);
      if (waiting.length === tileWidth) flush();
    },
    root: () => {
      flush();
      return rootOf(tree);
    },
  };
}
