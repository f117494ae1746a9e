// The index tree of a scene as a folder of files, the way the jobs program leaves it: what the countersigner posted, the distribution files that its records
// name, and the second name of every target of TUF. Anything that serves files can serve it. Everybody may read it, as a web server with an account of
// its own needs.
import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readRecord } from '#lib/core/release.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readHandback } from '#lib/evidence/handback.ts';
import { readIndexKey } from '#lib/evidence/index-signature.ts';
import { consistentPath, isTarget } from '#lib/evidence/tuf-tree.ts';
import { filePath } from '#lib/simple/page.ts';
import type { Scene } from './scene.ts';

const record = /^evidence\/[^/]+\/releases\/[^/]+\/[0-9]+\.json$/;

/** Every path of the tree and its bytes, distribution files included. */
export async function servedTree(scene: Scene): Promise<Map<string, Uint8Array>> {
  const tree = new Map<string, Uint8Array>();
  const put = (place: string, bytes: Uint8Array): void => {
    tree.set(place, bytes);
    if (isTarget(place)) tree.set(consistentPath(place, sha256Hex(bytes)), bytes);
  };
  const key = await readIndexKey(scene.keys.armoredCertificate, scene.now);
  for (const post of scene.posts)
    for (const [place, bytes] of (await readHandback(post, key, hashing)).files) {
      put(place, bytes);
      for (const { sha256, name } of record.test(place) ? readRecord(bytes).files : [])
        put(filePath(sha256, name), scene.files.get(sha256) ?? Buffer.alloc(0));
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
