// The documents of this program as people read them below /docs: Markdown files and what they link to, read once at the start, as the client is. Trusts
// whoever built this program. Only what is named here is shown; an address names a file in this map and never one on disk.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Path below docs/ (`guide/client.md`) → text. */
export type Documents = ReadonlyMap<string, string>;

const shown = /\.(?:md|py|conf|service|json)$/;

/** Reads all of it; empty where this program was built without it. */
export function readDocuments(folder: string): Documents {
  const read = (name: string): [string, string] => [
    name.split(path.sep).join('/'),
    readFileSync(path.join(folder, name), 'utf8'),
  ];
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return new Map(
      names
        .filter((name) => shown.test(name))
        .sort()
        .map(read),
    );
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw fault;
  }
}
