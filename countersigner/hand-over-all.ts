// `hand-over-all FILE`: one hand-back with all that the index serves now, for a web program that lost its newest time and was restored from a backup (docs/guide/backup.md). It follows the last
// one like any other, so that there is still one chain of them; it tells nothing new. From our own copy of the tree alone, whose log is held against its own checkpoint first.
// Written to a file, because the operator says that the web program may have it: by itself this program refuses one that went back (threats.md, 99). Asked again before it
// was taken, it writes the same bytes.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { tileWidth } from '#lib/core/log.ts';
import { refuse } from '#lib/core/errors.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readNote } from '#lib/evidence/checkpoint.ts';
import { checkpointPath, isLogPath } from '#lib/evidence/log-tree.ts';
import { commitHandback, tufPartsOf } from './hand-back.ts';
import { outboxPlace, readInstanceState, treePlace, type InstanceState } from './instance-state.ts';
import type { IndexKeys } from './keys.ts';
import type { Store } from './store.ts';
import { writeAllTuf } from './tuf/write-tuf.ts';
import type { Paths, Writing } from './write-list.ts';
import { requireOwnLog } from './write-log.ts';

export type HandedOver = { sequence: number; sha256: string; bytes: Uint8Array };

/** The hand-back, committed like any other. Refuses `countersigner.nothing-signed`, `log.damaged`, `countersigner.clock`. */
export async function handOverAll(store: Store, keys: IndexKeys, now: number): Promise<HandedOver> {
  const known = readInstanceState(store);
  if (!known || known.sequence === 0) throw refuse('countersigner.nothing-signed', {});
  const isWaiting = known.whole === known.sequence && known.acknowledged < known.sequence;
  const { sequence } = isWaiting ? known : await commitAll(store, known, keys, now);
  const bytes = store.read(outboxPlace(sequence));
  if (bytes === null)
    throw new Error(`Hand-back ${sequence} is not in the state folder, though it was just committed.`);
  return { sequence, sha256: hashing.sha256(bytes), bytes };
}

function commitAll(store: Store, known: InstanceState, keys: IndexKeys, now: number): Promise<InstanceState> {
  const writing: Writing = {
    ...{ index: known.index, keys, now },
    readTree: (place) => store.read(treePlace(place)),
  };
  requireOwnLog(writing);
  const instance = { ...known, whole: known.sequence + 1 };
  const tuf = writeAllTuf(tufPartsOf(store, writing));
  return commitHandback(store, writing, { instance, paths: new Map(), again: servedPaths(store, writing), tuf });
}

/** Our own copy of the tree, but the tiles of the log that larger ones took the place of. */
function servedPaths(store: Store, { readTree }: Writing): Paths {
  const folder = store.at(treePlace(''));
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  const note = readTree(checkpointPath);
  const isCurrent = currentIn(note === null ? 0 : readNote(note).checkpoint.size);
  const paths: Paths = new Map();
  for (const entry of entries.filter((one) => one.isFile())) {
    const place = path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
    const bytes = isCurrent(place) ? readTree(place) : null;
    if (bytes !== null) paths.set(place, bytes);
  }
  return paths;
}

/** Whether a place belongs to the log of this size: of tiles that are not full, only the widest does. */
function currentIn(size: number): (place: string) => boolean {
  return (place) => {
    const [, level, width] = /^log\/tile\/(entries|[0-5])\/.*\.p\/([0-9]+)$/.exec(place) ?? [];
    if (level === undefined || !isLogPath(place)) return true;
    const height = level === 'entries' ? 0 : Number(level);
    return Number(width) === Math.floor(size / tileWidth ** height) % tileWidth;
  };
}
