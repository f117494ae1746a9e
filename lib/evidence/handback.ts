// What the countersigner posts back: a zip of changed paths of the index tree with a signed list of them (docs/formats/hand-over.md).
// Manifests form a chain, so that none can be left out or played again. Everything that arrives is hostile: before a byte is kept
// the list must be signed by the index key, name allowed paths only, and fit what is in the zip exactly.
import { zipSync } from 'fflate';
import {
  readDocument,
  readExactly,
  readFields,
  readLine,
  readList,
  readNullable,
  readWhole,
  renderDocument,
} from '#lib/core/document.ts';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readIndexName, readInstant, readSha256, type IndexName, type Instant, type Sha256 } from '#lib/core/ids.ts';
import { bundleLimits } from '#lib/python/limits.ts';
import { fromBytes } from '#lib/python/source.ts';
import { readZipEntries } from '#lib/python/zip-entries.ts';
import type { Hashing } from './custody.ts';
import { requireIndexSignature, type IndexKey } from './index-signature.ts';
import { turnOf } from './index-tree.ts';

export type Manifest = {
  type: 'countersign/handback';
  format: 1;
  index: IndexName;
  /** 1, 2, 3 …: each follows the one before it. */
  sequence: number;
  /** SHA-256 of the manifest before; null in the first. */
  previous: Sha256 | null;
  files: readonly { path: string; sha256: Sha256 }[];
  date: Instant;
};

export type Handback = { manifest: Manifest; manifestSha256: Sha256; files: ReadonlyMap<string, Uint8Array> };

const megabyte = 1024 ** 2;
/** What one hand-back may hold; the web program refuses a larger body before reading it. */
export const handbackLimits = {
  ...bundleLimits,
  fileBytesMax: 64 * megabyte,
  // One that holds everything (countersigner/hand-over-all.ts) is larger than what is posted, and comes as a file.
  unpackedBytesMax: 1024 * megabyte,
  entriesMax: 200_000,
};

/** The manifest's one spelling. */
export function renderManifest(m: Manifest): string {
  const { type, format, index, sequence, previous, date } = m;
  const files = m.files.map(({ path, sha256 }) => ({ path, sha256 }));
  return renderDocument({ type, format, index, sequence, previous, files, date });
}

/** Reads a manifest from hostile bytes; refuses every second spelling, a path twice, and a path outside the tree. */
export function readManifest(foreignBytes: Uint8Array): Manifest {
  const manifest = readDocument(foreignBytes, 'a hand-back', (f): Manifest => ({
    type: readExactly(f['type'], 'countersign/handback', 'the type'),
    format: readExactly(f['format'], 1, 'the format'),
    index: readIndexName(f['index']),
    sequence: readWhole(f['sequence'], 'the sequence', 1, 1_000_000_000),
    previous: readNullable(f['previous'], readSha256),
    files: readList(f['files'], 'the files', handbackLimits.entriesMax, (entry) => {
      const e = readFields(entry, 'a file');
      return { path: readLine(e['path'], 'a path', 600), sha256: readSha256(e['sha256']) };
    }),
    date: readInstant(f['date']),
  }));
  for (const { path } of manifest.files) turnOf(path);
  if (new Set(manifest.files.map((file) => file.path)).size !== manifest.files.length)
    throw refuse('handback.malformed', { why: 'a path stands twice' });
  return manifest;
}

/** Packs a manifest, its signature and the files it lists. */
export function packHandback(
  manifest: Uint8Array,
  signature: Uint8Array,
  files: ReadonlyMap<string, Uint8Array>,
): Uint8Array {
  const entries = { 'manifest.json': manifest, 'manifest.json.asc': signature, ...Object.fromEntries(files) };
  return zipSync(entries, { level: 6, mtime: new Date(1980, 0, 1) });
}

/**
 * Unpacks a hostile hand-back. Refuses `handback.not-signed`, `handback.foreign-path`, `handback.malformed` (a listed file is
 * missing or differs, or one is there that is not listed). The signature is looked at before the list is.
 */
export async function readHandback(foreignBytes: Uint8Array, key: IndexKey, hashing: Hashing): Promise<Handback> {
  const entries = new Map(await readZipEntries(fromBytes(foreignBytes), handbackLimits));
  const bytes = entries.get('manifest.json');
  const signature = entries.get('manifest.json.asc') ?? null;
  if (!bytes) throw refuse('handback.malformed', { why: 'it has no manifest.json' });
  await requireSigned(bytes, signature, key, hashing);
  const manifest = readManifest(bytes);
  entries.delete('manifest.json');
  entries.delete('manifest.json.asc');
  for (const { path, sha256 } of manifest.files) {
    const file = entries.get(path);
    if (!file || hashing.sha256(file) !== sha256)
      throw refuse('handback.malformed', { why: `${path} is not there as it is listed` });
  }
  const [foreign] = [...entries.keys()].filter((path) => !manifest.files.some((file) => file.path === path));
  if (foreign !== undefined) throw refuse('handback.malformed', { why: `${foreign} is not listed` });
  return { manifest, manifestSha256: hashing.sha256(bytes), files: entries };
}

/** The manifest of a hostile hand-back, whoever signed it: which paths it would bring. */
export async function manifestOf(foreignBytes: Uint8Array): Promise<Manifest> {
  const bytes = new Map(await readZipEntries(fromBytes(foreignBytes), handbackLimits)).get('manifest.json');
  if (!bytes) throw refuse('handback.malformed', { why: 'it has no manifest.json' });
  return readManifest(bytes);
}

async function requireSigned(
  bytes: Uint8Array,
  signature: Uint8Array | null,
  key: IndexKey,
  hashing: Hashing,
): Promise<void> {
  try {
    await requireIndexSignature({ what: 'The manifest', bytes, signature }, key, hashing);
  } catch (fault) {
    throw isRefusal(fault) ? refuse('handback.not-signed', { why: fault.message }, fault) : fault;
  }
}
