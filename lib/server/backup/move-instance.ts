// From the embedded database to PostgreSQL, and from a folder to a bucket where that is wished: rows and files are copied, compared, and the old database is marked, so that nobody
// starts on it by mistake while people go on in the new one. Or the files alone. The data folder (secrets, index tree) stays where it is.
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Sha256 } from '#lib/core/ids.ts';
import type { Config } from '#lib/server/config.ts';
import type { Database } from '#lib/server/db/client.ts';
import { movedMark } from '#lib/server/db/embedded.ts';
import type { Migration } from '#lib/server/db/migrate.ts';
import { openFolderStore } from '#lib/server/files/folder-store.ts';
import type { FileStore } from '#lib/server/files/store.ts';
import { copyAll, copyParts, requireNothingElse } from './copy-files.ts';
import { copyRows, namedFiles } from './make-backup.ts';
import { putRows, requireEmptyDatabase } from './restore-backup.ts';

export type Moved = { rows: number; tables: number; files: number };
type Side = { database: Database; files: FileStore };

/**
 * Copies and compares. Refuses `backup.not-empty` (the target has tables, or files of somebody else), `backup.file-missing` and `backup.not-equal`; nothing of the source is changed
 * before everything is there.
 */
export async function moveInstance(
  { dataFolder }: Config,
  sides: { from: Side; to: Side },
  { migrations, now }: { migrations: Migration[]; now: Date },
): Promise<Moved> {
  const { from, to } = sides;
  await requireEmptyDatabase(to.database);
  await requireNothingElse(to.files, from.files);
  const folder = path.join(dataFolder, 'moving');
  try {
    const blobs = await openFolderStore(folder);
    const { tables, named } = await from.database.script((script) => copyRows(script, blobs));
    const files = await copyStore(from.files, to.files, named);
    await putRows(to.database, { manifest: { tables }, blobs, migrations });
    const mark = path.join(dataFolder, movedMark);
    if (from.database.kind === 'embedded')
      await writeFile(mark, `${JSON.stringify({ at: now.toISOString() })}\n`, { flush: true });
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    return { rows, tables: tables.length, files };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What rows name, all else that is there, and what came so far of uploads; answers how many files there are. */
async function copyStore(from: FileStore, to: FileStore, named: readonly Sha256[]): Promise<number> {
  const { files } = await copyAll(from, to, named);
  await copyParts(from.parts, to.parts);
  return files.length;
}

/** The files alone, where the database stays. Refuses `backup.not-empty`, `backup.file-missing`; changes nothing of the source. */
export async function moveFiles({ database, files }: Side, to: FileStore): Promise<number> {
  await requireNothingElse(to, files);
  return copyStore(files, to, await database.script(namedFiles));
}
