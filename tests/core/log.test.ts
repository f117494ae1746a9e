// The Merkle tree of the log against the recursive definition of RFC 6962 itself, for every size and every pair of sizes up to some hundred, and
// against the vectors that implementations of the RFC share.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  appendLeaves,
  consistencyProof,
  inclusionProof,
  isConsistent,
  isIncluded,
  leafHash,
  rootOf,
  tileWidth,
  widthOf,
  type LogTree,
  type Tile,
} from '#lib/core/log.ts';

const hash = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const entry = (n: number): Uint8Array => new TextEncoder().encode(`entry ${n}`);

/** MTH as RFC 6962, 2.1 writes it down. */
function defined(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return hash(new Uint8Array());
  if (leaves.length === 1) return hash(Uint8Array.of(0, ...first));
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return hash(Uint8Array.of(1, ...defined(leaves.slice(0, k)), ...defined(leaves.slice(k))));
}

/** A tree that keeps every tile it ever wrote, as the folder of an index does. */
function growing(hashBytes = hash) {
  const tiles = new Map<string, Uint8Array>();
  const name = ({ level, index, width }: Tile): string => `${level}/${index}.${width}`;
  const tree: LogTree = {
    size: 0,
    hash: hashBytes,
    readTile: (tile) => {
      const bytes = tiles.get(name(tile));
      if (!bytes) throw new Error(`no tile ${name(tile)}`);
      return bytes;
    },
  };
  const append = (entries: readonly Uint8Array[]): void => {
    for (const { tile, bytes } of appendLeaves(
      tree,
      entries.map((bytes) => leafHash(hashBytes, bytes)),
    ))
      tiles.set(name(tile), bytes);
    tree.size += entries.length;
  };
  return { tree, append, tiles };
}

describe('the root', () => {
  it('is that of the shared vectors', () => {
    const vectors = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ];
    const roots = [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ];
    const { tree, append } = growing();
    expect(hex(rootOf(tree))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    for (const [at, vector] of vectors.entries()) {
      append([new Uint8Array(Buffer.from(vector, 'hex'))]);
      expect(hex(rootOf(tree))).toBe(roots[at]);
    }
  });

  it('is that of the definition, however the leaves came, across the edges of tiles', () => {
    const entries = Array.from({ length: 1_300 }, (_, n) => entry(n));
    for (const steps of [[1], [7], [255, 1, 1], [256], [600, 700]]) {
      const { tree, append } = growing();
      for (let [at, turn] = [0, 0]; at < entries.length; turn += 1) {
        const step = steps[turn % steps.length] ?? 1;
        append(entries.slice(at, at + step));
        at = Math.min(at + step, entries.length);
        if ([1, 255, 256, 257, 511, 512, 513, 1_300].includes(at))
          expect([at, hex(rootOf(tree))]).toEqual([at, hex(defined(entries.slice(0, at)))]);
      }
    }
  }, 60_000);

  it('of an earlier size is found in the later tree', () => {
    const { tree, append } = growing();
    const entries = Array.from({ length: 300 }, (_, n) => entry(n));
    append(entries);
    for (let size = 0; size <= 300; size += 1)
      expect(hex(rootOf(tree, size))).toBe(hex(defined(entries.slice(0, size))));
  }, 60_000);

  it('comes out of three levels of tiles', () => {
    // A hash that costs nothing shows where the tiles lie; 65,793 leaves need three levels.
    const cheap = (bytes: Uint8Array): Uint8Array => {
      const out = new Uint8Array(32);
      bytes.forEach((octet, at) => (out[at % 32] = ((out[at % 32] ?? 0) * 31 + octet + at) % 256));
      return out;
    };
    const { tree, append, tiles } = growing(cheap);
    append(Array.from({ length: 65_793 }, (_, n) => entry(n)));
    expect([0, 1, 2].map((level) => widthOf(tree.size, level, 0))).toEqual([256, 256, 1]);
    expect([...tiles.keys()].filter((name) => name.startsWith('2/'))).toEqual(['2/0.1']);
    expect(tiles.has(`0/${Math.floor(65_792 / tileWidth)}.1`)).toBe(true);
    expect(rootOf(tree)).toHaveLength(32);
  }, 60_000);
});

describe('a proof', () => {
  const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 64, 65, 100];
  const { tree, append } = growing();
  append(Array.from({ length: 100 }, (_, n) => entry(n)));

  it('of inclusion holds for each leaf of each size, and for no other leaf, index, size or root', () => {
    for (const size of sizes)
      for (let index = 0; index < size; index += 1) {
        const good = {
          leaf: leafHash(hash, entry(index)),
          index,
          size,
          proof: inclusionProof(tree, index, size),
          root: rootOf(tree, size),
        };
        const wrong = [
          { ...good, leaf: leafHash(hash, entry(index + 1)) },
          { ...good, index: index + 1 },
          { ...good, index: index - 1 },
          { ...good, root: rootOf(tree, size - 1) },
          { ...good, proof: [...good.proof, hash(entry(0))] },
          {
            ...good,
            proof: good.proof
              .map((step, at) => (at === 0 ? step.slice(1) : step))
              .concat(size === 1 ? [hash(entry(1))] : []),
          },
        ];
        expect([size, index, isIncluded(hash, good)]).toEqual([size, index, true]);
        for (const [at, bad] of wrong.entries())
          expect([size, index, at, isIncluded(hash, bad)]).toEqual([size, index, at, false]);
      }
  }, 60_000);

  it('of consistency holds for each pair of sizes, and for no other root or step', () => {
    for (const size of sizes)
      for (let from = 1; from <= size; from += 1) {
        const good = {
          from,
          size,
          fromRoot: rootOf(tree, from),
          root: rootOf(tree, size),
          proof: consistencyProof(tree, from, size),
        };
        expect([from, size, isConsistent(hash, good)]).toEqual([from, size, true]);
        const wrong = [
          { ...good, fromRoot: hash(entry(1)) },
          { ...good, root: hash(entry(1)) },
          { ...good, proof: [...good.proof, hash(entry(1))] },
          ...good.proof.map((_, at) => ({
            ...good,
            proof: good.proof.map((step, n) => (n === at ? hash(step) : step)),
          })),
          ...(good.proof.length > 0 ? [{ ...good, proof: good.proof.slice(1) }] : []),
        ];
        for (const [at, bad] of wrong.entries())
          expect([from, size, at, isConsistent(hash, bad)]).toEqual([from, size, at, false]);
      }
  }, 60_000);

  it.each([
    [0, 0],
    [0, 5],
    [6, 5],
    [-1, 5],
    [1.5, 5],
    [1, 2 ** 31],
    [Number.NaN, 5],
  ])('from %d to %d is refused and ends', (from, size) => {
    const root = rootOf(tree, 5);
    expect(isConsistent(hash, { from, size, fromRoot: root, root, proof: [] })).toBe(false);
    expect(isIncluded(hash, { index: from - 1, size, leaf: root, root, proof: [] })).toBe(false);
  });
});
