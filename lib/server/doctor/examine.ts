// The doctor: everything that can be wrong with an instance, looked at in one go, beside running programs or without them. Reads, and changes nothing; each finding that is not good says what to
// do. With the embedded database in use, what only its owner can see is left to the page of the operator.
import { isRefusal } from '#lib/core/errors.ts';
import type { Config } from '#lib/server/config.ts';
import type { Database } from '#lib/server/db/client.ts';
import type { Migration } from '#lib/server/db/migrate.ts';
import { openFileStore } from '#lib/server/files/store.ts';
import { checkAddress } from './reach.ts';
import { broken, good, sayFault, type DoctorFinding } from './finding.ts';
import { checkMigrations, checkServer, checkWork } from './rows.ts';
import { checkFolder, checkIndexKey, checkMailServer, checkRoot, checkSettings, checkStorage } from './surroundings.ts';

export type Examining = {
  /** Opens the database of the settings; rejects with `database.held` where a program has it. */
  open(): Promise<Database>;
  migrations: Migration[];
  now: Date;
  testAddress: string | null;
};

/** All findings, in the order in which things depend on each other. */
export async function examine(config: Config, examining: Examining): Promise<DoctorFinding[]> {
  return [
    ...checkSettings(config),
    ...(await checkFolder(config)),
    ...(await checkRows(examining)),
    await openStore(config),
    await checkMailServer(config, examining.testAddress),
    await checkIndexKey(config, examining.now),
    await checkRoot(config),
    ...(await checkAddress(config)),
  ];
}

async function openStore(config: Config): Promise<DoctorFinding> {
  try {
    return await checkStorage(config, await openFileStore(config));
  } catch (fault) {
    return broken('file store', `It cannot be opened: ${sayFault(fault)}`, 'Look at the data folder and at FILES_URL.');
  }
}

async function checkRows({ open, migrations, now }: Examining): Promise<DoctorFinding[]> {
  let database: Database;
  try {
    database = await open();
  } catch (fault) {
    const isHeld = isRefusal(fault) && fault.code.startsWith('database.held');
    if (isHeld) return [good('database', `In use, as it should be: ${fault.message}`)];
    return [
      broken(
        'database',
        `It cannot be opened: ${sayFault(fault)}`,
        'Look at DATABASE_URL, or at the folder pg of the data folder.',
      ),
    ];
  }
  try {
    return await database.script(async (script) => {
      const found = [...(await checkServer(script, now)), await checkMigrations(script, migrations)];
      // Of a database that no program used yet, or that an older one made, there is nothing more to say.
      const isWhole = found.at(-1)?.state === 'good';
      return isWhole ? [...found, ...(await checkWork(script, now))] : found;
    });
  } catch (fault) {
    return [
      broken('database', `It does not answer: ${sayFault(fault)}`, 'Look at DATABASE_URL and the log of PostgreSQL.'),
    ];
  } finally {
    await database.close();
  }
}
