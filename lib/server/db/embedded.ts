// Opens the embedded database of a data folder: lock, repair, first initialisation, version check.
// PGlite killed during its first initialisation leaves a folder that may never open again; so it is initialised under
// another name and renamed into place. A folder under that other name is rubbish of a killed start and is removed.
// `pg/cluster` is PGlite's, `pg/version.json` our stamp: another major version of PostgreSQL is refused, never tried.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { refuse } from '#lib/core/errors.ts';
import { openEmbedded, type Database } from './client.ts';
import { lockFolder } from './embedded-lock.ts';

const unfinished = 'pg.new-';
/** There since everything was moved to PostgreSQL (`npm run move`): what is in the embedded database is old. */
export const movedMark = path.join('pg', 'moved.json');

async function postgresMajor(pglite: PGlite): Promise<string> {
  const { rows } = await pglite.query<{ major: number }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS major`,
  );
  return String(rows[0]?.major);
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a fresh cluster beside the place where it belongs and renames it there. */
async function initialise(dataFolder: string, finished: string): Promise<void> {
  const fresh = path.join(dataFolder, `${unfinished}${process.pid}`);
  mkdirSync(fresh, { mode: 0o700 });
  const pglite = await PGlite.create({ dataDir: path.join(fresh, 'cluster') });
  const postgres = await postgresMajor(pglite);
  await pglite.close();
  writeFileSync(path.join(fresh, 'version.json'), `${JSON.stringify({ format: 1, postgres })}\n`);
  renameSync(fresh, finished);
  if (process.platform !== 'win32') syncFolder(dataFolder);
}

/** PGlite's own files name the version; ours is compared before PGlite touches anything. */
function requireKnownVersion(folder: string): void {
  const stamp = JSON.parse(readFileSync(path.join(folder, 'version.json'), 'utf8')) as { postgres: string };
  const found = readFileSync(path.join(folder, 'cluster', 'PG_VERSION'), 'utf8').trim();
  if (stamp.postgres !== embeddedPostgresMajor || found !== embeddedPostgresMajor) {
    throw refuse('database.other-version', { folder, found, needed: embeddedPostgresMajor });
  }
}

/** The PostgreSQL that the pinned PGlite is. */
export const embeddedPostgresMajor = '18';

/**
 * Opens the embedded database of the data folder for this process alone, making it at the first start.
 * @throws `database.held`, `database.held-by-silent`, `database.other-version`, `database.moved`
 */
export async function openEmbeddedFolder(dataFolder: string, startedAt: Date): Promise<Database> {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(dataFolder, startedAt);
  try {
    const mark = path.join(dataFolder, movedMark);
    if (existsSync(mark)) throw refuse('database.moved', { mark });
    for (const name of readdirSync(dataFolder).filter((entry) => entry.startsWith(unfinished))) {
      rmSync(path.join(dataFolder, name), { recursive: true, force: true });
    }
    const folder = path.join(dataFolder, 'pg');
    if (!existsSync(folder)) await initialise(dataFolder, folder);
    requireKnownVersion(folder);
    return openEmbedded(await PGlite.create({ dataDir: path.join(folder, 'cluster') }), () => lock.release());
  } catch (fault) {
    await lock.release();
    throw fault;
  }
}
