// The evidence bundle of a release (docs/formats/evidence.md): everything that proves it, in one zip that needs no index and no network. It is made
// from the index tree and holds nothing else: no fact of a database, no secret. Equal trees give equal bytes. A bundle that somebody hands in is
// hostile: reading sorts it back into paths of the tree, refuses every other place, and believes nothing.
import { zipSync } from 'fflate';
import { refuse } from '#lib/core/errors.ts';
import { readRecord, type ReleaseRecord } from '#lib/core/release.ts';
import { bundleLimits } from '#lib/python/limits.ts';
import { fromBytes } from '#lib/python/source.ts';
import { readZipEntries } from '#lib/python/zip-entries.ts';
import { placeOf } from './bundle-places.ts';
import type { ReadPath } from './served-log.ts';

/** Place in the bundle → bytes, in the order of packing. */
export type BundleEntries = ReadonlyMap<string, Uint8Array>;

export type ReleaseBundle = {
  /** As the bundle claims it: the record in it, unchecked. */
  record: ReleaseRecord;
  /** The part of the index tree that it holds. */
  read: ReadPath;
  /** Path of the tree → the proof that the log tells it. */
  proofs: ReadonlyMap<string, Uint8Array>;
  /** Paths of the tree that it holds. */
  paths: readonly string[];
};

// Equal evidence gives equal bytes, whenever it is packed.
const packed = { level: 6, mtime: new Date(1980, 0, 1) } as const;

/** Packs a bundle; what is read first, the text for people, comes first. */
export const packReleaseBundle = (entries: BundleEntries): Uint8Array => zipSync(Object.fromEntries(entries), packed);

/**
 * Unpacks a hostile bundle into paths of the index tree. Refuses (`evidence.malformed`, or as lib/python refuses an archive) what holds no record or
 * several, and every place that the bundle of this release does not have.
 */
export async function readReleaseBundle(foreignBytes: Uint8Array): Promise<ReleaseBundle> {
  const entries = await readZipEntries(fromBytes(foreignBytes), bundleLimits);
  const [place, ...more] = [...entries.keys()].filter((name) => /^record\/[0-9]+\.json$/.test(name));
  const bytes = place === undefined ? undefined : entries.get(place);
  if (!bytes || more.length > 0) throw refuse('evidence.malformed', { why: 'it does not hold one release record' });
  const record = readRecord(bytes);
  const tree = new Map<string, Uint8Array>();
  const proofs = new Map<string, Uint8Array>();
  for (const [name, content] of entries) {
    const known = placeOf(name, record);
    if (known === null)
      throw refuse('evidence.malformed', { why: `“${name.slice(0, 100)}” is no part of the evidence of a release` });
    if (known.is === 'tree') tree.set(known.path, content);
    if (known.is === 'proof') proofs.set(known.path, content);
  }
  return { record, proofs, read: (path) => Promise.resolve(tree.get(path) ?? null), paths: [...tree.keys()] };
}
