// The countersigner's own folder: several files change together or not at all. A commit is one journal
// of the new files, synced and renamed to `commit.journal`, then applied file by file, then removed; after a kill at any moment the next start applies it again.
// Trusts its own disk and nobody else's words. Refuses a folder or key that others can read, and a second process on one folder.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import { packFiles, unpackFiles } from './journal.ts';

export type Store = {
  folder: string;
  /** Absolute path of a place in the folder. */
  at(place: string): string;
  /** The bytes of a place; null: nothing is there. */
  read(place: string): Uint8Array | null;
  /** Writes all of these places, or, if the machine stops before the first rename, none. */
  commit(files: ReadonlyMap<string, Uint8Array>): void;
  remove(place: string): void;
};

const journal = 'commit.journal';

/** Opens the folder (made where it is missing) and finishes a commit that was cut off. */
export function openStore(folder: string): Store {
  makePrivateFolder(folder);
  const at = (place: string): string => path.join(folder, place);
  const store: Store = {
    folder,
    at,
    read: (place) => readIfThere(at(place)),
    commit: (files) => {
      writeDurably(at(journal), packFiles(files));
      apply(at, files);
    },
    remove: (place) => rmSync(at(place), { force: true, recursive: true }),
  };
  const cutOff = store.read(journal);
  if (cutOff) apply(at, unpackFiles(cutOff));
  return store;
}

/** Only reads, so that a process beside the one that holds the folder may have it. A commit that was cut off stays as it is. */
export function openStoreToRead(folder: string): Store {
  requirePrivate(folder);
  const at = (place: string): string => path.join(folder, place);
  const never = (): never => {
    throw new Error('This store is only read.');
  };
  return { folder, at, read: (place) => readIfThere(at(place)), commit: never, remove: never };
}

/** The journal goes only when every file and every folder is on the disk. */
function apply(at: (place: string) => string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [place, bytes] of files) replaceFile(at(place), bytes, 0o600);
  for (const folder of new Set([...files.keys()].map((place) => path.dirname(at(place))))) syncFolder(folder);
  rmSync(at(journal), { force: true });
  syncFolder(path.dirname(at(journal)));
}

/** Makes the folder where it is missing; refuses one that others can read. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  requirePrivate(folder);
}

/** Writes beside, syncs, renames, syncs the folder: whoever reads the place sees the old bytes or the new ones. */
export function writeDurably(file: string, bytes: Uint8Array, mode = 0o600): void {
  replaceFile(file, bytes, mode);
  syncFolder(path.dirname(file));
}

/** The file alone: that its folder names it is not yet on the disk. */
function replaceFile(file: string, bytes: Uint8Array, mode: number): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.new`;
  const descriptor = openSync(beside, 'wx', mode);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(beside, file);
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function readIfThere(file: string): Uint8Array | null {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fault;
  }
}

/** Refuses (`countersigner.loose-mode`) a file or folder that anybody but its owner can read or write. */
export function requirePrivate(place: string): void {
  if (process.platform === 'win32') return; // access lists there, no mode
  const mode = statSync(place).mode & 0o777;
  if ((mode & 0o077) !== 0)
    throw refuse('countersigner.loose-mode', { path: place, mode: mode.toString(8).padStart(3, '0') });
}
