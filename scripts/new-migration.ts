// `npx tsx scripts/new-migration.ts NAME`: writes prisma/migrations/TIME_NAME/migration.sql with what separates the
// migrations so far from prisma/schema.prisma. Works without network. Review what it wrote; migrations only add.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readMigrations } from '#lib/server/db/migrate.ts';
import { diffToSchema } from './schema-engine.ts';

const name = process.argv[2] ?? '';
if (!/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error('Usage: npx tsx scripts/new-migration.ts name_of_the_change');
  process.exit(2);
}
const folder = path.join('prisma', 'migrations');
mkdirSync(folder, { recursive: true });
const schema = readFileSync(path.join('prisma', 'schema.prisma'), 'utf8');
const sql = await diffToSchema(
  schema,
  readMigrations(folder).map((migration) => migration.sql),
);
if (sql === '') {
  console.log('Schema and migrations already agree; nothing was written.');
} else {
  const time = new Date().toISOString().slice(0, 19).replace(/\D/g, '');
  const file = path.join(folder, `${time}_${name}`, 'migration.sql');
  mkdirSync(path.dirname(file));
  writeFileSync(file, sql);
  console.log(`Wrote ${file}. Read it before you commit it.`);
}
