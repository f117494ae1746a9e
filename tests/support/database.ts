// Databases for tests: each caller gets its own copy of the migrated template (global-setup.ts), on PGlite or PostgreSQL,
// as the vitest project says. The tests themselves do not know which.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { inject } from 'vitest';
import { openEmbedded, openPostgres, type Database } from '#lib/server/db/client.ts';

declare module 'vitest' {
  interface ProvidedContext {
    template: { kind: 'embedded' | 'postgres'; at: string };
  }
}

/** Which database this run is on; for the few things that differ by nature (lock waits, conflicts). */
export const databaseKind = (): 'embedded' | 'postgres' => inject('template').kind;

/** `url`: where another process reaches it; null for the embedded one, which no other process can open. */
export type TestDatabase = Database & { url: string | null };

/** A fresh migrated database. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const template = inject('template');
  if (template.kind === 'postgres') return clone(template.at, 'template_countersign');
  const dump = new Blob([readFileSync(template.at)]);
  return { ...openEmbedded(await PGlite.create({ loadDataDir: dump }), async () => undefined), url: null };
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
