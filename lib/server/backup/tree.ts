// The index tree in a backup: places and digests. It cannot be made again without the countersigner (hand-backs are kept for a month), so it is kept as it is served. Most of its bytes are
// distribution files, which the file store has already; what stands under its digest is not read twice.
import { chmod, copyFile, mkdir, readdir, rename } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { readSha256, type Sha256 } from '#lib/core/ids.ts';
import type { FileStore } from '#lib/server/files/store.ts';
import { linkOrCopy } from '#lib/server/handoff/second-names.ts';

export type TreePlace = { place: string; sha256: Sha256 };

const bytesMax = Number.MAX_SAFE_INTEGER;

/** The digest that a place of the tree names: of a distribution file, or of a target's second name. */
function digestIn(place: string): Sha256 | null {
  const [, second] = /\/([0-9a-f]{64})\.[^/]+$/.exec(`/${place}`) ?? [];
  const [, file] = /^files\/..\/..\/([0-9a-f]{64})\/(?!.*\.(?:asc|metadata)$)/.exec(place) ?? [];
  const found = second ?? file;
  return found === undefined ? null : readSha256(found);
}

/** Takes every file of the folder into the store; nothing may be put in place meanwhile. A folder that is not there is empty. */
export async function keepTree(folder: string, blobs: FileStore): Promise<TreePlace[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (fault: NodeJS.ErrnoException) => {
      if (fault.code === 'ENOENT') return [];
      throw fault;
    },
  );
  const kept: TreePlace[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    const place = path.relative(folder, file).split(path.sep).join('/');
    kept.push({ place, sha256: await keepFile(file, digestIn(place), blobs) });
  }
  return kept.sort((a, b) => (a.place < b.place ? -1 : 1));
}

async function keepFile(file: string, named: Sha256 | null, blobs: FileStore): Promise<Sha256> {
  if (named !== null && (await blobs.has(named))) return named;
  const { sha256 } = await blobs.receive(createReadStream(file), {
    bytesMax,
    ...(named !== null && { sha256: named }),
  });
  return sha256;
}

/** Puts the tree into a folder that appears whole. Distribution files are linked from the file store, as a publication does. */
export async function putTree(
  folder: string,
  tree: readonly TreePlace[],
  from: { blobs: FileStore; files: FileStore },
): Promise<void> {
  const unfinished = `${folder}.restoring`;
  for (const { place, sha256 } of tree) {
    const target = path.join(unfinished, place);
    await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
    if (await from.files.has(sha256)) await linkOrCopy(await from.files.local(sha256), target);
    else await copyFile(await from.blobs.local(sha256), target);
    // Public: a web server with an account of its own has to read it.
    await chmod(target, 0o644);
  }
  if (tree.length > 0) await rename(unfinished, folder);
}
