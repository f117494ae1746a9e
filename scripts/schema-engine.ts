// Asks Prisma's schema engine (as WebAssembly, offline) what separates the migrations from prisma/schema.prisma.
// Used by `new-migration.ts` and by the test that schema and migrations agree; never at run time.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PGlite } from '@electric-sql/pglite';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine as SchemaEngineClass } from '@prisma/schema-engine-wasm';
import { PrismaPGlite } from 'pglite-prisma-adapter';

type Glue = { SchemaEngine: typeof SchemaEngineClass; __wbg_set_wasm(exports: WebAssembly.Exports): void };

/** Node 20 cannot import a .wasm file, so the package's own entry is done by hand here. */
async function loadEngine(): Promise<typeof SchemaEngineClass> {
  const require = createRequire(import.meta.url);
  const gluePath = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const glue = (await import(gluePath)) as Glue;
  const bytes = await readFile(gluePath.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue as never });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return glue.SchemaEngine;
}

/**
 * The SQL that leads from a database with these migrations to the schema; empty when they agree.
 * CHECKs and triggers are not Prisma's and are left alone.
 */
export async function diffToSchema(schemaText: string, migrations: string[]): Promise<string> {
  const pglite = await PGlite.create();
  try {
    for (const sql of migrations) await pglite.exec(sql);
    const schema = { files: [{ path: 'schema.prisma', content: schemaText }] };
    const engine = await (
      await loadEngine()
    ).new(
      { datamodels: [['schema.prisma', schemaText]] },
      () => undefined,
      bindMigrationAwareSqlAdapterFactory(new PrismaPGlite(pglite)),
    );
    const { stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', ...schema, configDir: '.' },
      to: { tag: 'schemaDatamodel', ...schema },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    const sql = stdout ?? '';
    return sql.trim() === '-- This is an empty migration.' ? '' : sql;
  } finally {
    await pglite.close();
  }
}
