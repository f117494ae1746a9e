// Puts hand-backs in place, a step of the jobs loop: everything is staged and synced beside the tree, then renamed path by path (files,
// documents, the log, then pages: a page never names what is not there), in the change() that tells the rows and queues the mail. Each part can be
// done twice, so that a crash at any point is finished by the next run. The row's bytes are checked again: a row can be edited.
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readRecord, type ReleaseRecord } from '#lib/core/release.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { Handback } from '#lib/evidence/handback.ts';
import { readHandbackBy } from '#lib/evidence/handback-keys.ts';
import { turnOf, turns } from '#lib/evidence/index-tree.ts';
import { consistentPath } from '#lib/evidence/tuf-tree.ts';
import { filePath } from '#lib/simple/page.ts';
import { change, requireHit, type Change } from '#lib/server/change.ts';
import { lockRow, lockTree } from '#lib/server/db/lock.ts';
import { runtime } from '#lib/server/runtime.ts';
import { indexFolder } from './index-folder.ts';
import { loadIndexKeys } from './index-key.ts';
import { keepLogEntries } from './keep-log.ts';
import { markDeclared } from './mark-declared.ts';
import { markPublished } from './mark-published.ts';
import { linkOrCopy, nameByDigest } from './second-names.ts';
import { noteSuperseded } from './superseded.ts';
import { takeNewChains } from './take-new-chains.ts';

const stagingFolder = (): string => path.join(runtime().config.dataFolder, 'index-staging');
/** Older than any placing takes: left by a process that was killed. */
const rubbishMs = 3_600_000;

const recordPattern = /^evidence\/[^/]+\/releases\/[^/]+\/[0-9]+\.json$/;

/** Places every hand-back that waits, in their order; one that fails holds up those after it. Answers how many. */
export async function placeHandbacks(): Promise<number> {
  const rows = await runtime().db.handback.findMany({
    where: { state: 'posted' },
    orderBy: { id: 'asc' },
    select: { id: true },
  });
  if (rows.length > 0) await removeRubbish();
  for (const { id } of rows) await placeOne(id);
  return rows.length;
}

async function removeRubbish(): Promise<void> {
  await mkdir(stagingFolder(), { recursive: true });
  for (const name of await readdir(stagingFolder())) {
    const place = path.join(stagingFolder(), name);
    const { mtimeMs } = await stat(place).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > rubbishMs) await rm(place, { recursive: true, force: true });
  }
}

type Placing = { id: string; staging: string; handback: Handback; records: ReleaseRecord[] };

async function placeOne(id: string): Promise<void> {
  try {
    await withStaged(id, (placing) => change({ kind: 'jobs' }, 'jobs', (work) => putInPlace(work, placing)));
  } catch (fault) {
    if (!isRefusal(fault) || fault.code !== 'handback.placed-already') throw fault;
  }
}

/** Checks a hand-back again, and has everything ready beside the tree while `put` runs. */
export async function withStaged(id: string, put: (placing: Placing) => Promise<void>): Promise<void> {
  const { db, hold } = runtime();
  const row = await db.handback.findUniqueOrThrow({ where: { id } });
  const at = runtime().clock.now().getTime();
  const { handback } = await readHandbackBy(row.bytes, { keys: (await loadIndexKeys()).inPlace, at, hashing });
  const records = recordsOf(handback);
  // A folder of its own: another jobs process may be at the same hand-back.
  const staging = path.join(stagingFolder(), `${id}.${randomUUID()}`);
  try {
    await stage(staging, handback);
    await nameByDigest({ staging, index: indexFolder() }, handback.manifest);
    await hold?.('place.staged');
    for (const record of records) await placeFiles(record);
    await hold?.('place.files');
    await put({ id, staging, handback, records });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/**
 * The renames happen under the row's lock: one process at a time, each hand-back once, so that a slow one never puts old pages over newer ones.
 * They are quick, and can be done again when the change is tried again.
 */
async function putInPlace(work: Change, placing: Placing): Promise<void> {
  const { id, handback, records } = placing;
  const { tx, now } = work;
  await lockRow(tx, 'Handback', id);
  const posted = { id, state: 'posted' };
  const gone = () => refuse('handback.placed-already', {});
  if ((await tx.handback.count({ where: posted })) === 0) throw gone();
  // After the row: another jobs process at the same hand-back waits for that, and has nothing to do any more.
  await lockTree(tx);
  await moveStaged(placing);
  await work.hold('place.moved');
  requireHit(await tx.handback.updateMany({ where: posted, data: { state: 'placed', placedAt: now } }), gone);
  await work.record('handback.placed', { details: { sequence: handback.manifest.sequence } });
  await keepLogEntries(tx, handback, now);
  await takeNewChains(work, handback);
  for (const record of records) await markPublished(work, handback, record);
  await markDeclared(work, handback);
}

/** The renames of one hand-back. Whoever calls it is the only one at the tree. */
export async function moveStaged({ id, staging, handback }: Placing): Promise<void> {
  await noteSuperseded(id, handback.manifest);
  const places = [...handback.files.keys()];
  for (const turn of turns)
    await moveInto(
      staging,
      places.filter((place) => turnOf(place) === turn),
    );
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
    await moveOnce(path.join(staging, place), target);
    folders.add(path.dirname(target));
  }
  for (const folder of folders) await syncFolder(folder);
}

/** The staging folder is ours alone: what is missing there was moved when this change was tried before. */
async function moveOnce(staged: string, target: string): Promise<void> {
  try {
    await rename(staged, target);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'ENOENT' || !(await exists(target))) throw fault;
  }
}

const exists = (place: string): Promise<boolean> =>
  stat(place).then(
    () => true,
    () => false,
  );

/** The distribution files of a record, from the file store: linked where the disk allows it, else copied. A link has the mode of its file. */
async function placeFiles(record: ReleaseRecord): Promise<void> {
  for (const { sha256, name } of record.files) {
    const place = filePath(sha256, name);
    const target = path.join(indexFolder(), place);
    const second = path.join(indexFolder(), consistentPath(place, sha256));
    if ((await exists(target)) && (await exists(second))) continue;
    await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
    // Public from now on: a web server with an account of its own has to read it.
    const source = await runtime().files.local(sha256);
    await chmod(source, 0o644);
    await linkOrCopy(source, target);
    await linkOrCopy(target, second);
    await syncFolder(path.dirname(target));
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
