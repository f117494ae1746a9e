// The index tree of a scene as a folder of files, the way the jobs program leaves it: what the countersigner posted, and the distribution files that
// its records name. Anything that serves files can serve it. Everybody may read it, as a web server with an account of its own needs.
import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readRecord } from '#lib/core/release.ts';
import { filePath } from '#lib/simple/page.ts';
import type { Scene } from './scene.ts';

const record = /^evidence\/[^/]+\/releases\/[^/]+\/[0-9]+\.json$/;

/** Every path of the tree and its bytes, distribution files included. */
export async function servedTree(scene: Scene): Promise<Map<string, Uint8Array>> {
  const tree = new Map(await scene.tree());
  for (const [place, bytes] of await scene.tree())
    for (const { sha256, name } of record.test(place) ? readRecord(bytes).files : []) {
      const file = scene.files.get(sha256);
      if (file) tree.set(filePath(sha256, name), file);
    }
  return tree;
}

/** Writes it into a folder; what stands there is replaced by renaming, as in the real one. */
export async function putTree(scene: Scene, folder: string): Promise<void> {
  for (const [place, bytes] of await servedTree(scene)) {
    const target = path.join(folder, place);
    mkdirSync(path.dirname(target), { recursive: true, mode: 0o755 });
    writeFileSync(`${target}.new`, bytes, { mode: 0o644 });
    renameSync(`${target}.new`, target);
  }
  chmodSync(folder, 0o755);
}
