// The Merkle tree of the log (RFC 6962, section 2.1; RFC 9162, section 2.1) as arithmetic over tiles of 256 hashes (C2SP tlog-tiles). Pure: whoever
// calls brings SHA-256 and a way to read tiles. Proofs come from anybody and are hostile; a proof that is too long, too short or wrong is just
// false. What an entry says is lib/evidence/log-tree.ts.
import { concatBytes, sameBytes } from './bytes.ts';

/** SHA-256 of these bytes: 32 octets. */
export type HashBytes = (bytes: Uint8Array) => Uint8Array;

/** The hashes of a tile, `width` times 32 octets. `level` 0 holds leaves, each level above 256 times as much. Throws where it is not there. */
export type ReadTile = (tile: Tile) => Uint8Array;
export type Tile = { level: number; index: number; width: number };

export type LogTree = { size: number; hash: HashBytes; readTile: ReadTile };

export const tileWidth = 256;
const hashBytes = 32;
const levelsInTile = 8;

/** MTH({entry}) = SHA-256(0x00 || entry). */
export const leafHash = (hash: HashBytes, entry: Uint8Array): Uint8Array =>
  hash(concatBytes([Uint8Array.of(0), entry]));

/** SHA-256(0x01 || left || right). */
export const nodeHash = (hash: HashBytes, left: Uint8Array, right: Uint8Array): Uint8Array =>
  hash(concatBytes([Uint8Array.of(1), left, right]));

/** How many hashes the tiles of a level hold in a tree of `size` leaves. */
const levelSize = (size: number, level: number): number => Math.floor(size / tileWidth ** level);

/** How wide the tile is in a tree of `size` leaves; 0: not there. */
export const widthOf = (size: number, level: number, index: number): number =>
  Math.max(0, Math.min(tileWidth, levelSize(size, level) - index * tileWidth));

/** The hash over 2^height leaves that begin at index * 2^height; all of them are in the tree. They lie in one tile of their level: one read. */
function completeHash(tree: LogTree, height: number, index: number): Uint8Array {
  const level = Math.floor(height / levelsInTile);
  const count = 2 ** (height % levelsInTile);
  const first = index * count;
  const tile = Math.floor(first / tileWidth);
  const bytes = tree.readTile({ level, index: tile, width: widthOf(tree.size, level, tile) });
  const at = (first % tileWidth) * hashBytes;
  return folded(tree.hash, bytes.slice(at, at + count * hashBytes));
}

/** The hash over a power of two of hashes that stand behind each other: pairs of pairs, up to one. */
function folded(hash: HashBytes, bytes: Uint8Array): Uint8Array {
  if (bytes.length === hashBytes) return bytes;
  const middle = bytes.length / 2;
  return nodeHash(hash, folded(hash, bytes.slice(0, middle)), folded(hash, bytes.slice(middle)));
}

/** The largest power of two below n, as its exponent; n ≥ 2. */
function splitHeight(n: number): number {
  let height = 0;
  while (2 ** (height + 1) < n) height += 1;
  return height;
}

/** MTH(D[start:end]); `start` is a multiple of the smallest power of two that is not below end - start. */
function rangeHash(tree: LogTree, start: number, end: number): Uint8Array {
  const n = end - start;
  if (n === 1) return completeHash(tree, 0, start);
  const height = splitHeight(n);
  const half = 2 ** height;
  if (n === half * 2) return completeHash(tree, height + 1, start / n);
  return nodeHash(tree.hash, completeHash(tree, height, start / half), rangeHash(tree, start + half, end));
}

/** The root of the tree, or of its first `size` leaves. */
export const rootOf = (tree: LogTree, size = tree.size): Uint8Array =>
  size === 0 ? tree.hash(new Uint8Array()) : rangeHash(tree, 0, size);

/** PATH(index, D[size]) (RFC 6962, 2.1.1): that the leaf of this index is in the tree. */
export function inclusionProof(tree: LogTree, index: number, size = tree.size): Uint8Array[] {
  const path = (start: number, end: number): Uint8Array[] => {
    if (end - start === 1) return [];
    const middle = start + 2 ** splitHeight(end - start);
    return index < middle
      ? [...path(start, middle), rangeHash(tree, middle, end)]
      : [...path(middle, end), rangeHash(tree, start, middle)];
  };
  return path(0, size);
}

/** PROOF(from, D[size]) (RFC 6962, 2.1.2): that the tree of `from` leaves is the beginning of this one; 0 < from ≤ size. */
export function consistencyProof(tree: LogTree, from: number, size = tree.size): Uint8Array[] {
  const sub = (start: number, end: number, isWhole: boolean): Uint8Array[] => {
    if (from === end) return isWhole ? [] : [rangeHash(tree, start, end)];
    const middle = start + 2 ** splitHeight(end - start);
    return from <= middle
      ? [...sub(start, middle, isWhole), rangeHash(tree, middle, end)]
      : [...sub(middle, end, false), rangeHash(tree, start, middle)];
  };
  return sub(0, size, true);
}

export type Inclusion = {
  leaf: Uint8Array;
  index: number;
  size: number;
  proof: readonly Uint8Array[];
  root: Uint8Array;
};

/** The steps of a proof that hash with a neighbour on either side, and those further up that only come from the left. */
function stepsOf(index: number, size: number): { inner: number; border: number } {
  const inner = 32 - Math.clz32(index ^ (size - 1));
  let border = 0;
  for (let rest = index >>> inner; rest > 0; rest >>>= 1) border += rest & 1;
  return { inner, border };
}

/** Climbs with the neighbours of these bits; `from` 'left' takes only those that lie left. */
function climb(hash: HashBytes, seed: Uint8Array, steps: readonly Uint8Array[], bits: number, from: 'both' | 'left') {
  return steps.reduce((seen, step, at) => {
    if (((bits >>> at) & 1) === 1) return nodeHash(hash, step, seen);
    return from === 'both' ? nodeHash(hash, seen, step) : seen;
  }, seed);
}

const climbBorder = (hash: HashBytes, seed: Uint8Array, steps: readonly Uint8Array[]): Uint8Array =>
  steps.reduce((seen, step) => nodeHash(hash, step, seen), seed);

/** Larger trees than this are not looked at. */
export const sizeMax = 2 ** 31 - 1;
const isWithin = (value: number, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most;
const areHashes = (proof: readonly Uint8Array[], count: number): boolean =>
  proof.length === count && proof.every((step) => step.length === hashBytes);

/** Whether the proof shows that the leaf is in the tree of this root (RFC 9162, 2.1.3.2). */
export function isIncluded(hash: HashBytes, { leaf, index, size, proof, root }: Inclusion): boolean {
  if (!isWithin(size, 1, sizeMax) || !isWithin(index, 0, size - 1)) return false;
  const { inner, border } = stepsOf(index, size);
  if (!areHashes(proof, inner + border)) return false;
  return sameBytes(
    climbBorder(hash, climb(hash, leaf, proof.slice(0, inner), index, 'both'), proof.slice(inner)),
    root,
  );
}

export type Consistency = {
  from: number;
  fromRoot: Uint8Array;
  size: number;
  root: Uint8Array;
  proof: readonly Uint8Array[];
};

/** Whether the proof shows that the tree of `from` leaves is the beginning of the one of `size` leaves (RFC 9162, 2.1.4.2). */
export function isConsistent(hash: HashBytes, { from, fromRoot, size, root, proof }: Consistency): boolean {
  if (!isWithin(size, 1, sizeMax) || !isWithin(from, 1, size)) return false;
  if (from === size) return proof.length === 0 && sameBytes(fromRoot, root);
  const shift = 31 - Math.clz32(from & -from);
  const { inner, border } = stepsOf(from - 1, size);
  // A tree of a power of two is itself a node of the later one, and not repeated in the proof.
  const [seed, steps] = from === 2 ** shift ? [fromRoot, proof] : [proof[0], proof.slice(1)];
  if (seed?.length !== hashBytes || !areHashes(steps, inner - shift + border)) return false;
  const [low, high] = [steps.slice(0, inner - shift), steps.slice(inner - shift)];
  const bits = (from - 1) >>> shift;
  const older = climbBorder(hash, climb(hash, seed, low, bits, 'left'), high);
  const newer = climbBorder(hash, climb(hash, seed, low, bits, 'both'), high);
  return sameBytes(older, fromRoot) && sameBytes(newer, root);
}

/**
 * The tiles that this work on a tree of `size` leaves reads, so that whoever has them far away fetches them all at once and then does the work. Which
 * they are depends on sizes and numbers alone, never on what is in them.
 */
export function tilesFor(size: number, work: (tree: LogTree) => unknown): Tile[] {
  const read = new Map<string, Tile>();
  const readTile = (tile: Tile): Uint8Array => {
    read.set(`${tile.level}/${tile.index}`, tile);
    return new Uint8Array(tile.width * hashBytes);
  };
  work({ size, hash: () => new Uint8Array(hashBytes), readTile });
  return [...read.values()];
}

/** What changes in the tiles when leaves are appended: each tile that grew, with all its hashes. */
export function appendLeaves(tree: LogTree, leaves: readonly Uint8Array[]): { tile: Tile; bytes: Uint8Array }[] {
  const grown: { tile: Tile; bytes: Uint8Array }[] = [];
  let [from, fresh, level] = [tree.size, leaves, 0];
  while (fresh.length > 0) {
    const complete: Uint8Array[] = [];
    for (let index = Math.floor(from / tileWidth); index * tileWidth < from + fresh.length; index += 1) {
      const known = Math.max(0, from - index * tileWidth);
      const before = known > 0 ? tree.readTile({ level, index, width: known }) : new Uint8Array();
      const begin = index * tileWidth + known - from;
      const bytes = concatBytes([before, ...fresh.slice(begin, begin + tileWidth - known)]);
      const width = bytes.length / hashBytes;
      grown.push({ tile: { level, index, width }, bytes });
      if (width === tileWidth) complete.push(folded(tree.hash, bytes));
    }
    [from, fresh, level] = [Math.floor(from / tileWidth), complete, level + 1];
  }
  return grown;
}
