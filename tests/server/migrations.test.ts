// Schema and migrations agree; the runner applies in order, once, and refuses a history it does not know.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '#lib/server/db/client.ts';
import { migrate, readMigrations } from '#lib/server/db/migrate.ts';
import { migrationsFolder } from '#lib/server/open-runtime.ts';
import { diffToSchema } from '../../scripts/schema-engine.ts';
import { openEmptyDatabase } from '../support/database.ts';

const migrations = readMigrations(migrationsFolder());
const tables = (database: Database) =>
  database.script((script) =>
    script.rows(`SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`),
  );

let database: Database;
afterEach(() => database.close());

describe('migrations', () => {
  it('lead to the schema, with nothing missing and nothing more', async () => {
    database = await openEmptyDatabase();
    const schema = readFileSync('prisma/schema.prisma', 'utf8');
    expect(
      await diffToSchema(
        schema,
        migrations.map(({ sql }) => sql),
      ),
    ).toBe('');
  });

  it('are applied once, in order, and recorded as Prisma records them', async () => {
    database = await openEmptyDatabase();
    expect(await migrate(database, migrations)).toEqual(migrations.map(({ name }) => name));
    expect(await migrate(database, migrations)).toEqual([]);
    const rows = await database.script((script) =>
      script.rows(
        'SELECT migration_name, checksum, applied_steps_count, finished_at IS NOT NULL AS finished FROM "_prisma_migrations" ORDER BY 1',
      ),
    );
    expect(rows).toEqual(
      migrations.map(({ name, checksum }) => ({
        migration_name: name,
        checksum,
        applied_steps_count: 1,
        finished: true,
      })),
    );
  });

  it('started by two processes at once are applied once', async () => {
    database = await openEmptyDatabase();
    const done = await Promise.all([migrate(database, migrations), migrate(database, migrations)]);
    expect(done.flat().sort()).toEqual(migrations.map(({ name }) => name));
  });

  it('that were applied with other content are refused', async () => {
    database = await openEmptyDatabase();
    await migrate(database, migrations.slice(0, 1));
    const [first, ...others] = migrations;
    const changed = [{ ...first, checksum: '0'.repeat(64) }, ...others] as typeof migrations;
    const before = await tables(database);
    await expect(migrate(database, changed)).rejects.toMatchObject({ code: 'database.migration-changed' });
    expect(await tables(database)).toEqual(before);
  });

  it('of a newer program are refused by an older one', async () => {
    database = await openEmptyDatabase();
    await migrate(database, migrations);
    await expect(migrate(database, migrations.slice(0, 1))).rejects.toMatchObject({
      code: 'database.migration-missing',
    });
  });

  it('that fail leave nothing behind', async () => {
    database = await openEmptyDatabase();
    const broken = {
      name: '1_broken',
      sql: 'CREATE TABLE "half" (); SELECT no_such_function();',
      checksum: '1'.repeat(64),
    };
    await expect(migrate(database, [broken])).rejects.toThrow(/no_such_function/);
    expect(await tables(database)).toEqual([]);
  });
});
