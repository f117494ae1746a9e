// Brings a database to the schema of this program: prisma/migrations/*/migration.sql in order, each in one transaction,
// recorded in Prisma's own table and columns so that `prisma migrate deploy` can take over where its engine runs.
// A migration that was applied with other content, or that this program does not know, is refused: nothing is guessed.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import type { Database, Script } from './client.ts';

export type Migration = { name: string; sql: string; checksum: string };

const table = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

// An arbitrary number that only Countersign's migrations lock; held to the end of the transaction.
const lock = 'SELECT pg_advisory_xact_lock(727463)::text';

/** The migrations of a folder in the order of their names (which start with the time). */
export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'migration.sql')))
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

async function appliedChecksums(script: Script): Promise<Map<string, string>> {
  await script.run(table);
  const rows = await script.rows(
    'SELECT migration_name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  return new Map(rows.map((row) => [String(row.migration_name), String(row.checksum)]));
}

function requireKnown(applied: Map<string, string>, migrations: Migration[]): void {
  for (const [name, checksum] of applied) {
    const known = migrations.find((migration) => migration.name === name);
    if (!known) throw refuse('database.migration-missing', { name });
    if (known.checksum !== checksum) throw refuse('database.migration-changed', { name });
  }
}

async function applyOne(script: Script, migration: Migration): Promise<void> {
  await script.run(migration.sql);
  await script.rows(
    `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, now(), now(), 1)`,
    [randomUUID(), migration.checksum, migration.name],
  );
}

/**
 * Applies what is missing; several processes may start at once. Answers the names that were applied now.
 * @throws `database.migration-changed`, `database.migration-missing` (nothing is applied then)
 */
export async function migrate(database: Database, migrations: Migration[]): Promise<string[]> {
  const done: string[] = [];
  for (const migration of migrations) {
    await database.script(async (script) => {
      await script.rows(lock);
      const applied = await appliedChecksums(script);
      requireKnown(applied, migrations);
      if (applied.has(migration.name)) return;
      await applyOne(script, migration);
      done.push(migration.name);
    });
  }
  return done;
}
