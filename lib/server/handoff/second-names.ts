// The second name of each target, `SHA256.NAME` (docs/formats/tuf.md): a link to the very bytes, made before its own name moves on to them. Nothing points
// there before the timestamp of the hand-back is in place; by then the folders were synced. Trusts the digests of the manifest, which were checked.
import { randomUUID } from 'node:crypto';
import { copyFile, link, mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { readSha256, type Sha256 } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { Manifest } from '#lib/evidence/handback.ts';
import { consistentPath, isTarget, rolePath } from '#lib/evidence/tuf-tree.ts';

type Folders = { staging: string; index: string };

/** Names every staged target by its digest; with the first metadata of all, also what an older version of this program put in place. */
export async function nameByDigest({ staging, index }: Folders, { files }: Manifest): Promise<void> {
  if (files.some((file) => file.path === rolePath('root', 1))) await nameWhatIsThere(index);
  for (const { path: place, sha256 } of files.filter((file) => isTarget(file.path))) {
    const target = path.join(index, consistentPath(place, sha256));
    await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
    await linkOrCopy(path.join(staging, place), target);
  }
}

async function nameWhatIsThere(index: string): Promise<void> {
  const entries = await readdir(index, { recursive: true, withFileTypes: true }).catch(
    (fault: NodeJS.ErrnoException) => {
      if (fault.code === 'ENOENT') return [];
      throw fault;
    },
  );
  for (const entry of entries.filter((one) => one.isFile() && !/^[0-9a-f]{64}\./.test(one.name))) {
    const file = path.join(entry.parentPath, entry.name);
    const place = path.relative(index, file).split(path.sep).join('/');
    if (isTarget(place)) await linkOrCopy(file, path.join(index, consistentPath(place, await digestOf(place, file))));
  }
}

/** A distribution file may be large, and stands under its digest. */
async function digestOf(place: string, file: string): Promise<Sha256> {
  const [, sha256] = /^files\/..\/..\/([0-9a-f]{64})\/.+(?<!\.asc|\.metadata)$/.exec(place) ?? [];
  return sha256 === undefined ? hashing.sha256(await readFile(file)) : readSha256(sha256);
}

/** The same bytes under another name: linked where the disk allows it, else copied. One that is there already has the same bytes. */
export async function linkOrCopy(source: string, target: string): Promise<void> {
  try {
    await link(source, target);
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException;
    if (code === 'EEXIST') return; // another process was there first, with the same bytes
    if (code === 'ENOENT') throw fault;
    const beside = `${target}.${randomUUID()}`;
    await copyFile(source, beside);
    const handle = await open(beside, 'r+');
    await handle.sync().finally(() => handle.close());
    await rename(beside, target);
  }
}
