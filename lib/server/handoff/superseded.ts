// What newer bytes took the place of: the second names of targets, and metadata of TUF that has a successor (docs/formats/tuf.md). Both stay for two days,
// twice as long as any timestamp that points at them, so that nobody's download breaks off in the middle of a publication; then jobs removes them.
// Otherwise the tree would grow by a project list for each new project. Losing a note of it leaves a file behind, and nothing worse.
import { appendFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { readSha256 } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { Manifest } from '#lib/evidence/handback.ts';
import { consistentPath, isTarget, readRolePath } from '#lib/evidence/tuf-tree.ts';
import { runtime } from '#lib/server/runtime.ts';

const keptMs = 2 * 24 * 3_600_000;

type Folders = { index: string; notes: string };
const foldersHere = (): Folders => {
  const { dataFolder } = runtime().config;
  return { index: path.join(dataFolder, 'index'), notes: path.join(dataFolder, 'index-superseded') };
};

const orNull = (fault: NodeJS.ErrnoException): null => {
  if (fault.code === 'ENOENT') return null;
  throw fault;
};

/** Notes which targets get other bytes by this hand-back. Called before they are put in place, by whoever holds the lock of the tree. */
export async function noteSuperseded(id: string, { files }: Manifest): Promise<void> {
  const { index, notes } = foldersHere();
  const gone: string[] = [];
  for (const { path: place, sha256 } of files.filter((file) => isTarget(file.path))) {
    const before = await readFile(path.join(index, place)).catch(orNull);
    if (before === null) continue;
    const was = hashing.sha256(before);
    if (was !== sha256) gone.push(JSON.stringify({ place, sha256: was }));
  }
  if (gone.length === 0) return;
  await mkdir(notes, { recursive: true });
  await appendFile(path.join(notes, id), `${gone.join('\n')}\n`);
}

/** Removes what was superseded two days ago. */
export async function forgetSuperseded(now = Date.now()): Promise<void> {
  const folders = foldersHere();
  for (const note of (await readdir(folders.notes).catch(orNull)) ?? []) {
    const file = path.join(folders.notes, note);
    if ((await stat(file)).mtimeMs > now - keptMs) continue;
    for (const line of (await readFile(file, 'utf8')).split('\n').filter((text) => text !== ''))
      await forgetTarget(folders, JSON.parse(line) as { place: string; sha256: string });
    await rm(file);
  }
  await forgetMetadata(folders, now);
}

/** The same bytes may have come back since. */
async function forgetTarget({ index }: Folders, { place, sha256 }: { place: string; sha256: string }): Promise<void> {
  const current = await readFile(path.join(index, place)).catch(orNull);
  if (current !== null && hashing.sha256(current) === sha256) return;
  await rm(path.join(index, consistentPath(place, readSha256(sha256))), { force: true });
}

/** Of each role but the root, whose chain everybody follows, the versions whose successor has been there for two days. */
async function forgetMetadata({ index }: Folders, now: number): Promise<void> {
  const roles = new Map<string, number[]>();
  for (const name of (await readdir(path.join(index, 'tuf')).catch(orNull)) ?? []) {
    const { role, version } = readRolePath(`tuf/${name}`) ?? { role: 'root', version: 0 };
    if (role !== 'root') roles.set(role, [...(roles.get(role) ?? []), version]);
  }
  for (const [role, versions] of roles) {
    const at = (version: number): string => path.join(index, 'tuf', `${version}.${role}.json`);
    versions.sort((a, b) => a - b);
    for (const [number, version] of versions.entries()) {
      const successor = versions[number + 1];
      if (successor === undefined || (await stat(at(successor))).mtimeMs > now - keptMs) break;
      await rm(at(version));
    }
  }
}
