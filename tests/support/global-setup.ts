// Before the suites that need a database: one migrated template, which each test file copies (database.ts).
// TEST_DATABASE=postgres: a template database in the server that the run started (or TEST_POSTGRES_URL names);
// otherwise the dump of a migrated PGlite.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { TestProject } from 'vitest/node';
import { openEmbedded, openPostgres, type Database } from '#lib/server/db/client.ts';
import { migrate, readMigrations } from '#lib/server/db/migrate.ts';
import { migrationsFolder } from '#lib/server/open-runtime.ts';
import { openPostgresForTests } from '../../scripts/postgres.mjs';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  return project.config.env?.TEST_DATABASE === 'postgres' ? setupPostgres(project) : setupEmbedded(project);
}

const migrateFully = (database: Database): Promise<string[]> => migrate(database, readMigrations(migrationsFolder()));

async function setupEmbedded(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-template-'));
  const pglite = await PGlite.create();
  const database = openEmbedded(pglite, async () => undefined);
  await migrateFully(database);
  const file = path.join(folder, 'template.tar');
  writeFileSync(file, new Uint8Array(await (await pglite.dumpDataDir('none')).arrayBuffer()));
  await database.close();
  project.provide('template', { kind: 'embedded', at: file });
  return async () => rmSync(folder, { recursive: true, force: true });
}

async function setupPostgres(project: TestProject): Promise<() => Promise<void>> {
  const server = await openPostgresForTests();
  try {
    const maintenance = openPostgres(server.url);
    await maintenance.client.$executeRawUnsafe('DROP DATABASE IF EXISTS template_countersign');
    await maintenance.client.$executeRawUnsafe('CREATE DATABASE template_countersign');
    await maintenance.close();
    const template = openPostgres(databaseUrl(server.url, 'template_countersign'));
    await migrateFully(template);
    await template.close();
    project.provide('template', { kind: 'postgres', at: server.url });
    return server.close;
  } catch (fault) {
    await server.close();
    throw fault;
  }
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
