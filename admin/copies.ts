// `backup FOLDER`, `restore FOLDER [NAME]`, `move [--to postgres://…] [--files s3://…]`: the operator's words for lib/server/backup. Says what was copied; a refusal is one sentence.
import { parseArgs } from 'node:util';
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import { requireNothingElse } from '#lib/server/backup/copy-files.ts';
import { makeBackup, openBlobs } from '#lib/server/backup/make-backup.ts';
import { readManifest } from '#lib/server/backup/manifest.ts';
import { moveFiles, moveInstance } from '#lib/server/backup/move-instance.ts';
import {
  migrationsOf,
  requireEmptyDatabase,
  requireEmptyFolder,
  restoreBackup,
} from '#lib/server/backup/restore-backup.ts';
import { systemClock } from '#lib/server/clock.ts';
import { readConfig } from '#lib/server/config.ts';
import { readMigrations } from '#lib/server/db/migrate.ts';
import { openFileStore } from '#lib/server/files/store.ts';
import { migrationsFolder } from '#lib/server/open-runtime.ts';
import { openDatabase, withInstance, type Environment } from './settings.ts';

type Say = (line: string) => void;

const folderOf = (argument: string | undefined): string => {
  if (argument === undefined || argument.startsWith('-'))
    throw refuse('input.missing', { field: 'the folder of the backups' });
  return path.resolve(argument);
};

/** Beside a running instance on PostgreSQL; the embedded database must not be open elsewhere. */
export async function backup(environment: Environment, [folder]: readonly string[], say: Say): Promise<void> {
  const place = folderOf(folder);
  await withInstance(environment, async (instance) => {
    const { name, manifest, copied } = await makeBackup(instance, place, systemClock.now());
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    say(
      `${path.join(place, name)}: ${rows} rows, ${manifest.files.length} files (${copied} new), ${manifest.tree.length} places of the index.`,
    );
    say(
      'It holds secrets of the instance, and nothing of the countersigner: its folder has a backup of its own (docs/guide/backup.md).',
    );
  });
}

/** Into the empty place that the settings name. */
export async function restore(environment: Environment, [folder, name]: readonly string[], say: Say): Promise<void> {
  const place = folderOf(folder);
  const config = readConfig(environment);
  const manifest = await readManifest(place, name ?? null);
  const migrations = readMigrations(migrationsFolder());
  requireEmptyFolder(config);
  migrationsOf(manifest, migrations);
  await withInstance(environment, async (instance) => {
    await requireEmptyDatabase(instance.database);
    await requireNothingElse(instance.files, null);
    await restoreBackup(instance, { manifest, blobs: await openBlobs(place), migrations });
  });
  say(`The backup of ${manifest.at} of ${manifest.index} is in place, and every row and file was compared.`);
  say('Was anything published since? Then read docs/guide/backup.md before you start the countersigner.');
}

/** The instance of the settings, which must not run, to PostgreSQL, into a bucket, or both. */
export async function move(environment: Environment, rest: readonly string[], say: Say): Promise<void> {
  const { values } = parseArgs({ args: [...rest], options: { to: { type: 'string' }, files: { type: 'string' } } });
  const wished = {
    ...(values.to !== undefined && { DATABASE_URL: values.to }),
    ...(values.files !== undefined && { FILES_URL: values.files }),
  };
  if (Object.keys(wished).length === 0) throw refuse('input.missing', { field: '--to postgres://… or --files s3://…' });
  const config = readConfig({ ...environment, ...wished });
  await withInstance(withoutBucket(environment), async (from) => {
    const files = await openFileStore(config);
    if (values.to === undefined) return say(`${await moveFiles(from, files)} files were copied and compared.`);
    const database = await openDatabase(config);
    try {
      const details = { migrations: readMigrations(migrationsFolder()), now: systemClock.now() };
      const moved = await moveInstance(from.config, { from, to: { database, files } }, details);
      say(`${moved.rows} rows of ${moved.tables} tables and ${moved.files} files were copied and compared.`);
    } finally {
      await database.close();
    }
  });
  const settings = Object.entries(wished).map(([name, value]) => `${name}=${hidden(value)}`);
  say(`Start with ${settings.join(' and ')}; DATA_DIR stays.`);
}

/** The keys of a bucket are of the target's settings alone where the source has a folder. */
function withoutBucket(environment: Environment): Environment {
  if (environment['FILES_URL'] || environment['INDEX_URL']) return environment;
  const {
    S3_ACCESS_KEY_ID: _id,
    S3_SECRET_ACCESS_KEY: _secret,
    S3_SECRET_ACCESS_KEY_FILE: _file,
    ...rest
  } = environment;
  return rest;
}

/** An address without its password, for a screen that somebody else may see. */
function hidden(address: string): string {
  const url = new URL(address);
  if (url.password !== '') url.password = '…';
  return decodeURI(url.href);
}
