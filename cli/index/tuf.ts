// The index as a TUF repository (docs/formats/tuf.md), read by an unmodified tuf-js: that what is shown is fresh, of one moment, and not older than what was
// seen. It works in a folder of its own, so that a refusal changes nothing that is kept. What is fetched goes through our own bounded reader.
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Updater, type Fetcher } from 'tuf-js';
import { DownloadHTTPError } from 'tuf-js/dist/error.js';
import { refuse } from '#lib/core/errors.ts';
import { readSha256, type Sha256 } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { consistentPath, rolePath } from '#lib/evidence/tuf-tree.ts';
import type { IndexReader } from './fetch-index.ts';
import { diagnose, factsOf, refusalOfDisk, type Role } from './tuf-faults.ts';

export type Tuf = {
  /** The bytes of a target, as the newest metadata says they are; null: it names no such target. Refuses `tuf.…`. */
  readTarget(path: string): Promise<Uint8Array | null>;
  /** The newest root, and our own folder with the metadata that is worth keeping. */
  root: { version: number; sha256: Sha256 };
  folder: string;
  /** Removes the folder. */
  close(): void;
};

export type TufQuestion = {
  /** The folder of the metadata that was accepted last; null: first contact. */
  known: string | null;
  /** A root that was given by its digest; null: none was. */
  givenRoot: Sha256 | null;
  now: number;
};

/** What is kept for the next time; delegated roles are fetched again. */
const kept = ['root', 'timestamp', 'snapshot', 'targets'] as const;
const metadataBytesMax = 5_000_000;
const rootsMost = 256;

/** Begins with the known or the given root, and brings everything up to now. Refuses `tuf.missing`, `tuf.other-root`, `tuf.expired`, `tuf.went-back`, `tuf.refused`. */
export async function openTuf(index: IndexReader, question: TufQuestion): Promise<Tuf> {
  const folder = makeFolder();
  const close = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    await begin(index, folder, question);
    const last: { role: Role | null; bytes: Uint8Array | null } = { role: null, bytes: null };
    const fetcher = fetcherOf(index, (role, bytes) => Object.assign(last, { role, bytes }));
    const updater = new Updater({
      ...{ metadataDir: folder, metadataBaseUrl: `${index.base}tuf`, targetDir: folder, targetBaseUrl: index.base },
      fetcher,
    });
    const guarded = <T>(work: () => Promise<T>): Promise<T> =>
      work().catch((fault: unknown) => {
        throw diagnose(fault, last, { ...question, folder });
      });
    await guarded(() => updater.refresh());
    const root = readFileSync(path.join(folder, 'root.json'));
    return {
      readTarget: (target) => guarded(() => readTarget(index, updater, target)),
      root: { version: factsOf(root)?.version ?? 0, sha256: hashing.sha256(root) },
      ...{ folder, close },
    };
  } catch (fault) {
    close();
    throw refusalOfDisk(fault, folder) ?? fault;
  }
}

function makeFolder(): string {
  const place = path.join(tmpdir(), 'countersign-tuf-');
  try {
    return mkdtempSync(place);
  } catch (fault) {
    throw refusalOfDisk(fault, place) ?? fault;
  }
}

async function begin(index: IndexReader, folder: string, { known, givenRoot }: TufQuestion): Promise<void> {
  if (known === null) {
    writeFileSync(path.join(folder, 'root.json'), await firstRoot(index, givenRoot));
    return;
  }
  for (const role of kept) {
    const from = path.join(known, `${role}.json`);
    if (existsSync(from)) copyFileSync(from, path.join(folder, `${role}.json`));
  }
}

/** The root to begin with: the given one, wherever it stands in the chain; else the first. */
async function firstRoot(index: IndexReader, given: Sha256 | null): Promise<Uint8Array> {
  for (let version = 1; version <= rootsMost; version += 1) {
    const bytes = await index.read(rolePath('root', version));
    if (!bytes && version === 1) throw refuse('tuf.missing', { address: index.base });
    if (!bytes) throw refuse('tuf.other-root', { expected: given ?? '', newest: version - 1 });
    if (given === null || hashing.sha256(bytes) === given) return bytes;
  }
  throw refuse('tuf.other-root', { expected: given ?? '', newest: rootsMost });
}

/** Fetches through our reader; tuf-js ends its search for the next root at a 404. */
function fetcherOf(index: IndexReader, saw: (role: Role, bytes: Uint8Array) => void): Fetcher {
  const downloadBytes = async (url: string, bytesMax: number): Promise<Buffer> => {
    const place = url.slice(index.base.length);
    const bytes = await index.read(place);
    if (!bytes) throw new DownloadHTTPError('not there', 404);
    if (bytes.length > Math.min(bytesMax, metadataBytesMax))
      throw refuse('index.too-large', { url, bytesMax: Math.min(bytesMax, metadataBytesMax) });
    saw(/([a-z0-9-]+)\.json$/.exec(place)?.[1] ?? 'metadata', bytes);
    return Buffer.from(bytes);
  };
  return { downloadBytes, downloadFile: () => Promise.reject(new Error('Files are not fetched here.')) };
}

async function readTarget(index: IndexReader, updater: Updater, target: string): Promise<Uint8Array | null> {
  const info = await updater.getTargetInfo(target);
  if (!info) return null;
  const sha256 = readSha256(info.hashes['sha256']);
  const bytes = await index.read(consistentPath(target, sha256));
  if (!bytes) throw refuse('tuf.not-the-target', { path: target, why: 'those bytes are not there' });
  if (bytes.length !== info.length || hashing.sha256(bytes) !== sha256)
    throw refuse('tuf.not-the-target', { path: target, why: 'it has other bytes' });
  return bytes;
}
