// From the embedded database to PostgreSQL, and from a folder to a bucket where that is wished: rows and files are copied, compared, and the old database is marked, so that nobody
// starts on it by mistake while people go on in the new one. The data folder (secrets, index tree) stays where it is.
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '#lib/server/config.ts';
import type { Database } from '#lib/server/db/client.ts';
import { movedMark } from '#lib/server/db/embedded.ts';
import type { Migration } from '#lib/server/db/migrate.ts';
import { openFolderStore } from '#lib/server/files/folder-store.ts';
import type { FileStore } from '#lib/server/files/store.ts';
import { copyFiles, digestsOf } from './copy-files.ts';
import { copyRows } from './make-backup.ts';
import { putRows, requireEmptyDatabase } from './restore-backup.ts';

export type Moved = { rows: number; tables: number; files: number };
type Side = { database: Database; files: FileStore };

/** Copies and compares. Refuses `backup.not-empty` (the target has tables) and `backup.not-equal`; nothing of the source is changed before everything is there. */
export async function moveInstance(
  { dataFolder }: Config,
  sides: { from: Side; to: Side },
  { migrations, now }: { migrations: Migration[]; now: Date },
): Promise<Moved> {
  const { from, to } = sides;
  await requireEmptyDatabase(to.database);
  const folder = path.join(dataFolder, 'moving');
  try {
    const blobs = await openFolderStore(folder);
    const { tables } = await from.database.script((script) => copyRows(script, blobs));
    const digests = await digestsOf(from.files);
    await copyFiles(from.files, to.files, digests);
    await putRows(to.database, { manifest: { tables }, blobs, migrations });
    const mark = path.join(dataFolder, movedMark);
    if (from.database.kind === 'embedded')
      await writeFile(mark, `${JSON.stringify({ at: now.toISOString() })}\n`, { flush: true });
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    return { rows, tables: tables.length, files: digests.length };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
