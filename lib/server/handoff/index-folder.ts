// Where the index tree lies that the web program serves and jobs writes.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runtime } from '#lib/server/runtime.ts';

export const indexFolder = (): string => path.join(runtime().config.dataFolder, 'index');

/** The bytes of a place of the tree; null: there are none. */
export async function readServed(place: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path.join(indexFolder(), place));
  } catch (fault) {
    if (['ENOENT', 'ENOTDIR'].includes((fault as NodeJS.ErrnoException).code ?? '')) return null;
    throw fault;
  }
}
