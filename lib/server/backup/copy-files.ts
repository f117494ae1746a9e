// Files from one store into another, by digest: each is read once, checked by the receiving store, and not sent again where it is there already with the same
// length. Which files there are is said by a listing and by rows together: a listing may be behind (some stores answer so), and rows name what must not be missing.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { Sha256 } from '#lib/core/ids.ts';
import type { FileStore, StoredFile } from '#lib/server/files/store.ts';

const bytesMax = Number.MAX_SAFE_INTEGER;

/** `copied`: how many of them were not there before. */
export type Copied = { files: Sha256[]; copied: number };

/**
 * Copies every file of a store, those that rows name among them. What nothing names may be removed meanwhile, and is left out then. Refuses `backup.file-missing` where a named
 * one is not there, `upload.digest-differs` where a store holds other bytes than it says.
 */
export async function copyAll(from: FileStore, to: FileStore, named: readonly Sha256[]): Promise<Copied> {
  const listed = new Map<Sha256, number>();
  for await (const { sha256, size } of from.list()) listed.set(sha256, size);
  const must = new Set(named);
  const done: Copied = { files: [], copied: 0 };
  for (const sha256 of [...new Set([...listed.keys(), ...must])].sort()) {
    try {
      const size = listed.get(sha256) ?? (await from.size(sha256));
      done.copied += (await copyFile(from, to, { sha256, size })) ? 1 : 0;
      done.files.push(sha256);
    } catch (fault) {
      if (!isRefusal(fault) || fault.code !== 'file.not-in-store') throw fault;
      if (must.has(sha256)) throw refuse('backup.file-missing', { sha256 }, fault);
    }
  }
  return done;
}

/** Copies these, all of which have to be there. Refuses `file.not-in-store`, `upload.digest-differs`. */
export async function copyFiles(from: FileStore, to: FileStore, digests: readonly Sha256[]): Promise<void> {
  for (const sha256 of digests) await copyFile(from, to, { sha256, size: await from.size(sha256) });
}

/** False: it was there. */
async function copyFile(from: FileStore, to: FileStore, { sha256, size }: StoredFile): Promise<boolean> {
  if ((await sizeIn(to, sha256)) === size) return false;
  await to.receive(await from.open(sha256), { bytesMax, sha256 });
  return true;
}

const sizeIn = (store: FileStore, sha256: Sha256): Promise<number | null> =>
  store.size(sha256).catch((fault: unknown) => {
    if (isRefusal(fault) && fault.code === 'file.not-in-store') return null;
    throw fault;
  });

/**
 * A store may hold what is about to come (a copy that broke off goes on), and nothing else: files of another instance would be removed one day as named by nobody, and ours by it.
 * `from` null: nothing at all. Refuses `backup.not-empty`.
 */
export async function requireNothingElse(store: FileStore, from: FileStore | null): Promise<void> {
  for await (const { sha256 } of store.list()) {
    if (from === null || !(await from.has(sha256)))
      throw refuse('backup.not-empty', { place: `the file store (it holds ${sha256})` });
  }
}

/** Uploads on their way: what came of them so far, so that they go on where they were. Answers how many there were. */
export async function copyParts(from: FileStore['parts'], to: FileStore['parts']): Promise<number> {
  let uploads = 0;
  for await (const upload of from.uploads()) {
    const kept = await from.kept(upload);
    if (kept === 0 || (await to.kept(upload)) === kept) continue;
    await to.put(upload, 0, from.read(upload, kept), { bytesMax: kept });
    uploads += 1;
  }
  return uploads;
}
