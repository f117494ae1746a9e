// Files that are whole or not there: written beside, synced, renamed, and the folder synced after them. A full disk or a kill in the middle leaves what was
// there before. Trusts the disk; throws what the file system throws.
import { closeSync, cpSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

/** A copy of a folder of files, synced; whatever stood there before is gone. */
export function copySynced(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(from)) {
    cpSync(path.join(from, name), path.join(to, name));
    syncFolder(path.join(to, name));
  }
  syncFolder(to);
}

/** Whoever reads the place sees the old bytes or the new ones. */
export function writeSynced(file: string, bytes: Uint8Array): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.${process.pid}.new`;
  try {
    const descriptor = openSync(beside, 'w', 0o600);
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, file);
  } catch (fault) {
    rmSync(beside, { force: true });
    throw fault;
  }
  syncFolder(path.dirname(file));
}

/** That the folder names its files is on the disk. Works for a file too. */
export function syncFolder(place: string): void {
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const descriptor = openSync(place, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
