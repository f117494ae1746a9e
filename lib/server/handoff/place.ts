// Puts hand-backs in place, a step of the jobs loop: everything is staged and synced beside the tree, then renamed path by path (files, then
// documents, then pages: a page never names what is not there), then one change() tells the rows and queues the mail. Each part can be
// done twice, so that a crash at any point is finished by the next run. The row's bytes are checked again: a row can be edited.
import { copyFile, link, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readRecord, type ReleaseRecord } from '#lib/core/release.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readHandback, type Handback } from '#lib/evidence/handback.ts';
import { turnOf } from '#lib/evidence/index-tree.ts';
import { filePath } from '#lib/simple/page.ts';
import { change } from '#lib/server/change.ts';
import { runtime } from '#lib/server/runtime.ts';
import { loadIndexKey } from './index-key.ts';
import { markDeclared } from './mark-declared.ts';
import { markPublished } from './mark-published.ts';
import { takeNewChains } from './take-new-chains.ts';

/** The tree that the web program serves. */
export const indexFolder = (): string => path.join(runtime().config.dataFolder, 'index');

const turns = ['files', 'documents', 'pages'] as const;
const recordPattern = /^evidence\/[^/]+\/releases\/[^/]+\/[0-9]+\.json$/;

/** Places every hand-back that waits, in their order; one that fails holds up those after it. Answers how many. */
export async function placeHandbacks(): Promise<number> {
  const rows = await runtime().db.handback.findMany({
    where: { state: 'posted' },
    orderBy: { id: 'asc' },
    select: { id: true },
  });
  for (const { id } of rows) await placeOne(id);
  return rows.length;
}

async function placeOne(id: string): Promise<void> {
  const { db, hold } = runtime();
  const row = await db.handback.findUniqueOrThrow({ where: { id } });
  const handback = await readHandback(row.bytes, await loadIndexKey(), hashing);
  const records = recordsOf(handback);
  const staging = path.join(runtime().config.dataFolder, 'index-staging', id);
  await stage(staging, handback);
  await hold?.('place.staged');
  for (const record of records) await placeFiles(record);
  await hold?.('place.files');
  for (const turn of turns)
    await moveInto(
      staging,
      [...handback.files.keys()].filter((place) => turnOf(place) === turn),
    );
  await hold?.('place.moved');
  await change({ kind: 'jobs' }, 'jobs', async (work) => {
    const written = await work.tx.handback.updateMany({
      where: { id, state: 'posted' },
      data: { state: 'placed', placedAt: work.now },
    });
    await work.record('handback.placed', { details: { sequence: handback.manifest.sequence } });
    if (written.count > 0) await takeNewChains(work, handback);
    if (written.count > 0) for (const record of records) await markPublished(work, handback, record);
    if (written.count > 0) await markDeclared(work, handback);
  });
  await rm(staging, { recursive: true, force: true });
}

const recordsOf = ({ files }: Handback): ReleaseRecord[] =>
  [...files].filter(([place]) => recordPattern.test(place)).map(([, bytes]) => readRecord(bytes));

async function stage(staging: string, { files }: Handback): Promise<void> {
  for (const [place, bytes] of files) {
    const staged = path.join(staging, place);
    await mkdir(path.dirname(staged), { recursive: true, mode: 0o755 });
    await writeFile(staged, bytes, { flush: true, mode: 0o644 });
  }
}

async function moveInto(staging: string, places: readonly string[]): Promise<void> {
  const folders = new Set<string>();
  for (const place of places) {
    const target = path.join(indexFolder(), place);
    await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
    await rename(path.join(staging, place), target);
    folders.add(path.dirname(target));
  }
  for (const folder of folders) await syncFolder(folder);
}

/** The distribution files of a record, from the file store: linked where the disk allows it, else copied. */
async function placeFiles(record: ReleaseRecord): Promise<void> {
  for (const { sha256, name } of record.files) {
    const target = path.join(indexFolder(), filePath(sha256, name));
    if (
      await stat(target).then(
        () => true,
        () => false,
      )
    )
      continue;
    await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
    await linkOrCopy(runtime().files.path(sha256), target);
    await syncFolder(path.dirname(target));
  }
}

async function linkOrCopy(source: string, target: string): Promise<void> {
  try {
    await link(source, target);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') throw fault;
    const beside = `${target}.new`;
    await copyFile(source, beside);
    const handle = await open(beside, 'r+');
    await handle.sync().finally(() => handle.close());
    await rename(beside, target);
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
