// A public address and the development root do not go together (docs/guide/root-ceremony.md): whoever reads the countersigner's disk could speak for the
// index for ever. The web program looks at the root that is in place before it starts, and at each one that a hand-back brings.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import { isLoopbackUrl } from '#lib/core/loopback.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readRoot } from '#lib/evidence/root-document.ts';
import { readRolePath, rolePath } from '#lib/evidence/tuf-tree.ts';
import type { Config } from '#lib/server/config.ts';

const isRoot = (place: string): boolean => readRolePath(place)?.role === 'root';

/** Refuses (`tuf.development-root`) to serve the tree in place at this address. Nothing in place yet: nothing to refuse. */
export async function requireHeldRootInPlace({ publicUrl, dataFolder }: Config): Promise<void> {
  const folder = path.join(dataFolder, 'index');
  const names = await readdir(path.join(folder, 'tuf')).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return [];
    throw fault;
  });
  const versions = names
    .map((name) => `tuf/${name}`)
    .filter(isRoot)
    .map((place) => readRolePath(place)?.version ?? 0);
  if (versions.length === 0) return;
  const newest = rolePath('root', Math.max(...versions));
  requireHeldRoots(publicUrl, new Map([[newest, await readFile(path.join(folder, newest))]]));
}

/** The same for what a hand-back brings: its newest root decides, the ones before it were in force elsewhere or earlier. */
export function requireHeldRoots(publicUrl: string, files: ReadonlyMap<string, Uint8Array>): void {
  if (isLoopbackUrl(publicUrl)) return;
  const newest = [...files]
    .filter(([place]) => isRoot(place))
    .map(([, bytes]) => readRoot(bytes, hashing).facts)
    .sort((a, b) => a.version - b.version)
    .at(-1);
  if (newest?.stage === 'development') throw refuse('tuf.development-root', { address: publicUrl });
}
