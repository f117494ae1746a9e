// Appends to the log (docs/formats/log.md) what a hand-back is about to publish: an entry for each document, the tiles that grow, and a new
// checkpoint. Works from our own copy of the tree alone, and first shows that this copy is the one that the last checkpoint signed; else it refuses
// (`log.damaged`), since a log that was rewritten would be signed otherwise.
import { sign } from 'node:crypto';
import { appendLeaves, leafHash, rootOf, tileWidth, type LogTree, type Tile } from '#lib/core/log.ts';
import { refuse } from '#lib/core/errors.ts';
import { sha256Octets as hash } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import {
  keyIdOf,
  readNote,
  renderCheckpointText,
  renderNote,
  renderNoteKey,
  type Checkpoint,
} from '#lib/evidence/checkpoint.ts';
import {
  checkpointPath,
  entriesPath,
  entryOf,
  eventOf,
  logKeyPath,
  numberPath,
  packEntries,
  tilePath,
} from '#lib/evidence/log-tree.ts';
import type { Paths, Writing } from './write-list.ts';

/** What the log gets by these new documents; nothing where none of them is told by it. */
export async function writeLog(writing: Writing, documents: Paths): Promise<Paths> {
  const told = [...documents].filter(([path]) => eventOf(path) !== null);
  if (told.length === 0) return new Map();
  const entries = told.map(([path, bytes]) => entryOf({ path, sha256: hashing.sha256(bytes) }));
  const tree = openLog(writing);
  const paths: Paths = new Map(told.map(([path], at) => [numberPath(path), Buffer.from(`${tree.size + at}\n`)]));
  const leaves = entries.map((entry) => leafHash(hash, entry));
  for (const { tile, bytes } of appendLeaves(tree, leaves)) paths.set(tilePath(tile), bytes);
  for (const [path, bytes] of bundlesOf(writing, tree.size, entries)) paths.set(path, bytes);
  const grown = { ...writing, readTree: (path: string) => paths.get(path) ?? writing.readTree(path) };
  paths.set(checkpointPath, signCheckpoint(writing, treeOf(grown, tree.size + entries.length)));
  if (tree.size === 0) await putKey(writing, paths);
  return paths;
}

function treeOf({ readTree }: Pick<Writing, 'readTree'>, size: number): LogTree {
  const readTile = (tile: Tile): Uint8Array => {
    const bytes = readTree(tilePath(tile));
    if (bytes?.length !== tile.width * 32) throw refuse('log.damaged', { size });
    return bytes;
  };
  return { size, hash, readTile };
}

/** The log as it stands: as large as its checkpoint says, and with that root. */
function openLog(writing: Writing): LogTree {
  const bytes = writing.readTree(checkpointPath);
  if (bytes === null) return treeOf(writing, 0);
  const { size, root } = readNote(bytes).checkpoint;
  const tree = treeOf(writing, size);
  if (Buffer.compare(rootOf(tree), root) !== 0) throw refuse('log.damaged', { size });
  return tree;
}

/** Refuses (`log.damaged`) where our own copy of the log is not the one that its checkpoint signs. */
export const requireOwnLog = (writing: Writing): void => void openLog(writing);

/** The bundles of entries that grow. */
function bundlesOf({ readTree }: Writing, size: number, entries: readonly Uint8Array[]): Paths {
  const paths: Paths = new Map();
  for (let index = Math.floor(size / tileWidth); index * tileWidth < size + entries.length; index += 1) {
    const known = Math.max(0, size - index * tileWidth);
    const before = known > 0 ? readTree(entriesPath(index, known)) : new Uint8Array();
    if (before === null) throw refuse('log.damaged', { size });
    const begin = index * tileWidth + known - size;
    const fresh = entries.slice(begin, begin + tileWidth - known);
    paths.set(entriesPath(index, known + fresh.length), Buffer.concat([before, packEntries(fresh)]));
  }
  return paths;
}

function signCheckpoint({ keys, index }: Writing, tree: LogTree): Uint8Array {
  const checkpoint: Checkpoint = { origin: `${index}/log`, size: tree.size, root: rootOf(tree) };
  const text = renderCheckpointText(checkpoint);
  const key = { name: checkpoint.origin, publicKey: keys.log.publicKey };
  const signature = new Uint8Array(sign(null, Buffer.from(text), keys.log.privateKey));
  return Buffer.from(renderNote(text, [{ name: key.name, keyId: keyIdOf(key, hash), signature }]));
}

/** Whoever trusts the index key finds by it the key of the log. */
async function putKey({ keys, index, now }: Writing, paths: Paths): Promise<void> {
  const bytes = Buffer.from(`${renderNoteKey({ name: `${index}/log`, publicKey: keys.log.publicKey }, hash)}\n`);
  paths.set(logKeyPath, bytes).set(`${logKeyPath}.asc`, await keys.key.sign(bytes, now));
}
