// Files that are kept while they are hashed: beside where they belong, under names of their own, and put there only when everything has been decided. What is
// there already is never overwritten with other bytes.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { RecordFile } from '#lib/core/release.ts';
import type { Source } from './source.ts';

export type SavedFiles = {
  /** The source, whose files are kept here when they are looked at byte for byte. */
  around(source: Source): Source;
  /** Where a file waits until it is put in place. */
  placeOf(file: RecordFile): string;
  /** Puts every kept file in place; answers where. */
  putInPlace(files: readonly RecordFile[]): Promise<string[]>;
  /** Removes what was not put in place. */
  close(): void;
};

/** Keeps files for this folder, which is made where it is missing. Refuses `download.not-written`, `download.exists`. */
export function saveInto(folder: string): SavedFiles {
  const waiting = guarded(folder, () => {
    mkdirSync(folder, { recursive: true });
    return mkdtempSync(path.join(folder, '.countersign-'));
  });
  const placeOf = ({ sha256 }: RecordFile): string => path.join(waiting, sha256);
  return {
    placeOf,
    around: (source) => ({
      ...source,
      measure: (file, requests, onPart) =>
        requests || onPart ? source.measure(file, requests, onPart) : save(source, file, placeOf(file)),
    }),
    putInPlace: async (files) => {
      const places = files.map((file) => ({ file, place: path.join(folder, file.name) }));
      for (const { file, place } of places)
        if (existsSync(place) && (await digestOf(place)) !== file.sha256) throw refuse('download.exists', { place });
      for (const { file, place } of places) guarded(place, () => renameSync(placeOf(file), place));
      return places.map(({ place }) => place);
    },
    close: () => rmSync(waiting, { recursive: true, force: true }),
  };
}

async function save(source: Source, file: RecordFile, place: string): ReturnType<Source['measure']> {
  let handle: FileHandle | null = null;
  try {
    const opened = (handle = await open(place, 'w', 0o644));
    const found = await source.measure(file, undefined, async (part) => void (await opened.writeFile(part)));
    await opened.sync();
    return found;
  } catch (fault) {
    throw asRefusal(place, fault);
  } finally {
    await handle?.close();
  }
}

async function digestOf(place: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(place)) hash.update(part as Buffer);
  return hash.digest('hex');
}

function guarded<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (fault) {
    throw asRefusal(place, fault);
  }
}

function asRefusal(place: string, fault: unknown): unknown {
  const isOfDisk = typeof fault === 'object' && fault !== null && 'code' in fault && 'syscall' in fault;
  if (isRefusal(fault) || !isOfDisk) return fault;
  return refuse('download.not-written', { place, why: String(fault.code) }, fault);
}
