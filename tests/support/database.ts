// Databases for tests: each caller gets a migrated database without a row, on PGlite or PostgreSQL, as the vitest project says; the tests themselves do not
// know which. The first of a worker is a copy of the template (global-setup.ts). One that was closed is emptied and handed out again, also to the next file
// of the same worker, which is many times quicker than a copy; one that cannot be emptied at once, because somebody still works in it, is thrown away.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { inject } from 'vitest';
import { openEmbedded, openPostgres, type Database, type Script } from '#lib/server/db/client.ts';

declare module 'vitest' {
  interface ProvidedContext {
    template: { kind: 'embedded' | 'postgres'; at: string };
  }
}

/** Which database this run is on; for the few things that differ by nature (lock waits, conflicts). */
export const databaseKind = (): 'embedded' | 'postgres' => inject('template').kind;

/** `url`: where another process reaches it; null for the embedded one, which no other process can open. */
export type TestDatabase = Database & { url: string | null };

/** Of this worker, which runs one file after the other (vitest.config.ts). It ends with the worker. */
let spare: TestDatabase | null = null;

/** A migrated database without a row. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const database = spare ?? (await copyTemplate());
  spare = null;
  return { ...database, close: () => giveBack(database) };
}

async function copyTemplate(): Promise<TestDatabase> {
  const template = inject('template');
  if (template.kind === 'postgres') return clone(template.at, 'template_countersign');
  const dump = new Blob([readFileSync(template.at)]);
  return { ...openEmbedded(await PGlite.create({ loadDataDir: dump }), async () => undefined), url: null };
}

async function giveBack(database: TestDatabase): Promise<void> {
  const isEmpty =
    spare === null &&
    (await emptied(database).then(
      () => true,
      () => false,
    ));
  if (isEmpty) spare = database;
  else await database.close();
}

/** Vacuumed as well: a row must not lie where one of an earlier file was, or the order of a query that names none changes from run to run. */
async function emptied(database: TestDatabase): Promise<void> {
  const tables = await database.script(empty);
  await database.client.$executeRawUnsafe(`VACUUM ${tables.join()}`);
}

/** As superuser of a test: what is append only lets itself be deleted too. Answers the names of the tables. */
async function empty({ run, rows }: Script): Promise<string[]> {
  await run("SET LOCAL lock_timeout = '1s'; SET LOCAL session_replication_role = replica");
  const found = await rows(`SELECT format('%I', tablename) AS name FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`);
  const tables = found.map(({ name }) => String(name));
  await run(tables.map((table) => `DELETE FROM ${table}`).join(';'));
  await run(
    `SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false) FROM pg_sequences WHERE schemaname = 'public'`,
  );
  return tables;
}

/** A fresh database without any table. */
export async function openEmptyDatabase(): Promise<Database> {
  const template = inject('template');
  if (template.kind === 'postgres') return clone(template.at, 'template0');
  return openEmbedded(await PGlite.create(), async () => undefined);
}

async function inMaintenance(url: string, sql: string): Promise<void> {
  const maintenance = openPostgres(url);
  await maintenance.client.$executeRawUnsafe(sql);
  await maintenance.close();
}

async function clone(server: string, template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await inMaintenance(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = openPostgres(url.href);
  const close = async (): Promise<void> => {
    await database.close();
    await inMaintenance(server, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  return { ...database, url: url.href, close };
}
