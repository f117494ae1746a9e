// The client as people download it: the one file that the build left beside this program. It is read once, at the start, so that what is sent is always what
// the shown digest says, also while a newer build is written. Trusts whoever built this program, as everything here does.
import { readFileSync } from 'node:fs';
import type { Sha256 } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';

export type ClientProgram = { bytes: Uint8Array; sha256: Sha256 };

/** Where it is served, and its name in the address. */
export const clientPath = '/client/countersign.mjs';

/** Reads it; null where this program was built without it. */
export function readClientProgram(file: string): ClientProgram | null {
  try {
    const bytes = readFileSync(file);
    return { bytes, sha256: hashing.sha256(bytes) };
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fault;
  }
}
