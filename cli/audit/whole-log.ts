// The log read from its first entry to its last. That these are the entries that the checkpoint signs is established by hashing all of them into a tree of
// our own, not by tiles that the index serves. An entry that is none is a difference; too few entries, or another root, end the audit.
import { sameBytes } from '#lib/core/bytes.ts';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { ProjectName } from '#lib/core/ids.ts';
import { appendLeaves, leafHash, rootOf, tileWidth, type LogTree } from '#lib/core/log.ts';
import { sha256Octets as hash } from '#lib/digest/ed25519.ts';
import type { Checkpoint } from '#lib/evidence/checkpoint.ts';
import { entriesPath, projectOf, readLogEntry, type LogEntry } from '#lib/evidence/log-tree.ts';
import { readEntries, type ReadPath } from '#lib/evidence/served-log.ts';
import { difference, type Difference } from './difference.ts';

export type Told = LogEntry & { number: number; project: ProjectName | null };

export type WholeLog = { entries: Told[]; differences: Difference[] };

/** Every entry in its order. Refuses `log.incomplete` and `log.damaged-tiles`. */
export async function readWholeLog(read: ReadPath, { origin, size, root }: Checkpoint): Promise<WholeLog> {
  const own = growing();
  const whole: WholeLog = { entries: [], differences: [] };
  let number = 0;
  for await (const bytes of readEntries(read, size)) {
    own.add(leafHash(hash, bytes));
    const told = readTold(bytes, number);
    if ('code' in told) whole.differences.push(told);
    else whole.entries.push(told);
    number += 1;
  }
  if (!sameBytes(own.root(), root)) throw refuse('log.damaged-tiles', { origin, size });
  return whole;
}

function readTold(bytes: Uint8Array, number: number): Told | Difference {
  try {
    const entry = readLogEntry(bytes);
    return { ...entry, number, project: projectOf(entry.path) };
  } catch (fault) {
    if (!isRefusal(fault)) throw fault;
    return difference(
      'unreadable',
      entriesPath(Math.floor(number / tileWidth), tileWidth),
      `Entry ${number} is not one.`,
    );
  }
}

/** A tree that takes leaves one by one; only the newest state of each tile is kept. */
function growing(): { add(leaf: Uint8Array): void; root(): Uint8Array } {
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
