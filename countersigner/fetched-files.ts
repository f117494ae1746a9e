// Bytes of files, fetched from the web program by SHA-256 and kept as long as a draft names them, so that a large file comes once. The folder is
// a cache: it may be emptied at any time, and what lies there is hashed again before anything is signed (inspect-files.ts).
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Sha256 } from '#lib/core/ids.ts';
import type { StatementFile } from '#lib/core/statement.ts';
import type { Store } from './store.ts';
import type { WebProgram } from './web-program.ts';

/** In the countersigner's folder. */
export const fetchedFolder = 'fetched';

/** Digest → where the bytes are. Refuses as the web program or the digest does. */
export async function fetchFiles(
  store: Store,
  web: WebProgram,
  files: readonly StatementFile[],
): Promise<Map<Sha256, string>> {
  mkdirSync(store.at(fetchedFolder), { recursive: true, mode: 0o700 });
  const places = new Map<Sha256, string>();
  for (const { sha256 } of files) {
    const place = path.join(store.at(fetchedFolder), sha256);
    if (!existsSync(place)) await web.fetchFile(sha256, place);
    places.set(sha256, place);
  }
  return places;
}

/** Removes what no listed draft names any more. */
export function keepOnlyFiles(store: Store, named: ReadonlySet<Sha256>): void {
  if (!existsSync(store.at(fetchedFolder))) return;
  const unnamed = readdirSync(store.at(fetchedFolder)).filter((name) => !(named as ReadonlySet<string>).has(name));
  for (const name of unnamed) rmSync(path.join(store.at(fetchedFolder), name), { force: true });
}
