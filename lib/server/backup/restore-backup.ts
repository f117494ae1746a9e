// A backup into an empty place: another data folder, another database, another file store. Everything is compared by digest, rows by reading them again; nothing that is there is
// ever written over. The order is that of a start: what is not finished looks like nothing (no rows), so that it can be emptied and done again.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import type { Database, Script } from '#lib/server/db/client.ts';
import { migrate, type Migration } from '#lib/server/db/migrate.ts';
import type { FileStore } from '#lib/server/files/store.ts';
import type { Config } from '#lib/server/config.ts';
import { copyFiles } from './copy-files.ts';
import { secretPlaces, type Instance } from './make-backup.ts';
import type { BackupManifest } from './manifest.ts';
import { requireEqual, setSequences, tablesInOrder, writeTable } from './tables.ts';
import { putTree } from './tree.ts';

/** Refuses `backup.not-empty` where the data folder has anything that a backup would bring. The countersigner's own folder may be there. */
export function requireEmptyFolder(config: Config): void {
  const { dataFolder } = config;
  const ours = ['index', 'index.restoring', 'files', 'pg', 'handoff-token', 'operator-secret'];
  const found = ours.map((name) => path.join(dataFolder, name)).find((place) => existsSync(place));
  if (found !== undefined) throw refuse('backup.not-empty', { place: found });
}

/** Refuses `backup.not-empty` where the database has a table. */
export const requireEmptyDatabase = (database: Database): Promise<void> =>
  database.script(async (script) => {
    const [first] = await tablesInOrder(script);
    if (first !== undefined) throw refuse('backup.not-empty', { place: `the database (it has a table “${first}”)` });
  });

/** Everything of the backup into the instance that was found empty. Refuses `backup.other-program`, `backup.not-equal`, `file.not-in-store`. */
export async function restoreBackup(
  to: Instance,
  { manifest, blobs, migrations }: { manifest: BackupManifest; blobs: FileStore; migrations: Migration[] },
): Promise<void> {
  const known = migrationsOf(manifest, migrations);
  await copyFiles(blobs, to.files, manifest.files);
  await putSecrets(to.config, manifest, blobs);
  await putTree(path.join(to.config.dataFolder, 'index'), manifest.tree, { blobs, files: to.files });
  await putRows(to.database, { manifest, blobs, migrations: known });
}

/** The migrations that the backup was made at; what came later is applied at the next start. */
export function migrationsOf(manifest: BackupManifest, migrations: Migration[]): Migration[] {
  const known = migrations.slice(0, manifest.migrations.length);
  const isSame = manifest.migrations.every((name, at) => known[at]?.name === name);
  if (!isSame) throw refuse('backup.other-program', { program: manifest.program });
  return known;
}

type Source = { manifest: Pick<BackupManifest, 'tables'>; blobs: FileStore; migrations: Migration[] };

/** All rows in one transaction, read again before it is committed. */
export async function putRows(database: Database, { manifest, blobs, migrations }: Source): Promise<void> {
  await migrate(database, migrations);
  await database.script(async (script: Script) => {
    const copies = new Map(manifest.tables.map((table) => [table.name, table]));
    for (const name of await tablesInOrder(script)) {
      const table = copies.get(name);
      if (table) await writeTable(script, table, await blobs.open(table.sha256));
    }
    await setSequences(script);
    await requireEqual(script, manifest.tables);
  });
}

async function putSecrets(config: Config, { secrets }: BackupManifest, blobs: FileStore): Promise<void> {
  const places = secretPlaces(config);
  for (const { name, sha256 } of secrets) {
    const place = places.get(name);
    if (place === undefined || existsSync(place)) continue;
    await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
    await writeFile(place, await blobs.read(sha256), { mode: 0o600, flag: 'wx', flush: true });
  }
}
