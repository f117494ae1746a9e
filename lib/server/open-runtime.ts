// Opens the runtime of a program: lock and database, migrations, the instance's name, secrets, file store. web/main.ts,
// jobs/main.ts and the tests call it; pages and commands only ask for `runtime()`.
// The name of the index is fixed at the first start: every signature binds it, so another name is refused.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import { readIndexName, type IndexName } from '#lib/core/ids.ts';
import type { OpenApi } from './api/openapi.ts';
import type { ClientProgram } from './client-program.ts';
import type { Documents } from './documents.ts';
import { systemClock, type Clock } from './clock.ts';
import type { Config } from './config.ts';
import { openPostgres, type Database } from './db/client.ts';
import { openEmbeddedFolder } from './db/embedded.ts';
import { migrate, readMigrations } from './db/migrate.ts';
import { openFileStore } from './files/store.ts';
import { inspectorHere, type Inspector } from './inspector/inspector.ts';
import { openMailKey } from './mail/mail-key.ts';
import { dropRuntime, hasRuntime, keepRuntime, type Runtime } from './runtime.ts';
import { openSecrets } from './secrets.ts';

/**
 * The client and the documents to offer, from the program that answers people; the inspector in its children, from every program that opens uploads (tests and scripts do
 * it in their own process); clock and database only from tests, instead of the real thing.
 */
export type Parts = {
  client?: ClientProgram | null;
  documents?: Documents;
  api?: OpenApi;
  inspector?: Inspector;
  clock?: Clock;
  database?: Database;
};

/**
 * Where the migrations of this program are: in the nearest folder above this file, which may be bundled to `.build`.
 * Asked at call time; Next's bundled copy of lib/server never gets here.
 */
export function migrationsFolder(): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    const found = path.join(folder, 'prisma', 'migrations');
    if (existsSync(found)) return found;
    if (folder === path.dirname(folder))
      throw new Error('The folder prisma/migrations is missing beside this program.');
  }
}

async function fixIndexName(database: Database, given: IndexName, now: Date): Promise<IndexName> {
  const row = await database.client.instance.upsert({
    where: { id: 1 },
    create: { id: 1, indexName: given, createdAt: now },
    update: {},
  });
  if (row.indexName !== given) throw refuse('config.other-index-name', { kept: row.indexName, given });
  return readIndexName(row.indexName);
}

const openDatabase = async ({ databaseUrl, dataFolder }: Config, clock: Clock): Promise<Database> =>
  databaseUrl === null ? openEmbeddedFolder(dataFolder, clock.now()) : openPostgres(databaseUrl);

/**
 * Opens everything for this process and keeps it for `runtime()`.
 * @throws `database.held` (another process owns the data folder), `database.…`, `config.other-index-name`
 */
export async function openRuntime(config: Config, parts: Parts = {}): Promise<Runtime> {
  if (hasRuntime()) throw new Error('The runtime is already open in this process.');
  const clock = parts.clock ?? systemClock;
  const database = parts.database ?? (await openDatabase(config, clock));
  try {
    await migrate(database, readMigrations(migrationsFolder()));
    const opened: Runtime = {
      db: database.client,
      databaseKind: database.kind,
      config,
      secrets: openSecrets(config),
      mailKey: await openMailKey(config, clock.now()),
      clock,
      files: await openFileStore(config),
      inspector: parts.inspector ?? inspectorHere(),
      indexName: await fixIndexName(database, config.indexName, clock.now()),
      client: parts.client ?? null,
      documents: parts.documents ?? new Map(),
      api: parts.api ?? null,
      wake: { jobs: () => undefined, handoff: () => undefined },
      close: async () => {
        dropRuntime(opened);
        await opened.inspector.close();
        await database.close();
      },
    };
    keepRuntime(opened);
    return opened;
  } catch (fault) {
    await database.close();
    throw fault;
  }
}
