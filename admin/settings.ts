// What the operator's commands open: the places that the settings name, without starting anything. Nothing is opened at import, and everything is closed at the end of the work.
import { systemClock } from '#lib/server/clock.ts';
import { readConfig, type Config } from '#lib/server/config.ts';
import type { Instance } from '#lib/server/backup/make-backup.ts';
import { openPostgres, type Database } from '#lib/server/db/client.ts';
import { openEmbeddedFolder } from '#lib/server/db/embedded.ts';
import { openFileStore } from '#lib/server/files/store.ts';

export type Environment = Record<string, string | undefined>;

/** @throws `database.held` while a program has the embedded database */
export const openDatabase = ({ databaseUrl, dataFolder }: Config): Promise<Database> =>
  databaseUrl === null ? openEmbeddedFolder(dataFolder, systemClock.now()) : Promise.resolve(openPostgres(databaseUrl));

/** Opens the instance of the settings for the work. */
export async function withInstance<T>(environment: Environment, work: (instance: Instance) => Promise<T>): Promise<T> {
  const config = readConfig(environment);
  const database = await openDatabase(config);
  try {
    return await work({ config, database, files: await openFileStore(config) });
  } finally {
    await database.close();
  }
}
