// The single place that knows which database this is: PGlite in this process, or PostgreSQL through DATABASE_URL.
// Above this file there is one PrismaClient and one set of SQL. Opening the embedded folder is in embedded.ts (with the
// lock); whoever calls `openEmbedded` here with a PGlite of their own (tests, in memory) has no folder to protect.
import { PrismaPg } from '@prisma/adapter-pg';
import type { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import pg from 'pg';
import { PrismaClient } from './generated/client.ts';
import { limits } from '#lib/server/limits.ts';

/** Plain SQL inside one transaction; for migrations, which are no Prisma queries. */
export type Script = {
  run(sql: string): Promise<void>;
  rows(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
};

export type Database = {
  client: PrismaClient;
  kind: 'embedded' | 'postgres';
  /** Runs the work in one transaction of its own. */
  script<T>(work: (script: Script) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

const transactionOptions = { maxWait: limits.transactionWaitMs, timeout: limits.transactionMs };

/** A Prisma client over an open PGlite. `closed` runs after PGlite has ended (the lock is released there). */
export function openEmbedded(pglite: PGlite, closed: () => Promise<void>): Database {
  const client = new PrismaClient({ adapter: new PrismaPGlite(pglite), transactionOptions });
  return {
    client,
    kind: 'embedded',
    script: (work) =>
      pglite.transaction((tx) =>
        work({
          run: async (sql) => void (await tx.exec(sql)),
          rows: async (sql, values) => (await tx.query<Record<string, unknown>>(sql, values)).rows,
        }),
      ),
    close: async () => {
      await client.$disconnect();
      await pglite.close();
      await closed();
    },
  };
}

/** A Prisma client over a pool of connections to PostgreSQL. */
export function openPostgres(connectionString: string): Database {
  const pool = new pg.Pool({ connectionString, max: 10 });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  const client = new PrismaClient({
    adapter: new PrismaPg(pool, { statementNameGenerator: preparedStatementNames() }),
    transactionOptions: { ...transactionOptions, isolationLevel: 'Serializable' },
  });
  return {
    client,
    kind: 'postgres',
    script: (work) => inTransaction(pool, work),
    close: async () => {
      await client.$disconnect();
      await pool.end();
    },
  };
}

/** Kinds of statement that a connection keeps prepared; further ones, and those with many values (a list of each length is another text), are planned each time. */
const preparedMost = 1000;
const preparedValuesMost = 12;

/** Names by which PostgreSQL knows a statement that it has planned before: half of what it does for a page or a signature is planning. */
function preparedStatementNames(): (query: { sql: string; args: readonly unknown[] }) => string {
  const names = new Map<string, string>();
  return ({ sql, args }) => {
    const known = names.get(sql);
    if (known !== undefined || args.length > preparedValuesMost || names.size >= preparedMost) return known ?? '';
    const name = `s${names.size}`;
    names.set(sql, name);
    return name;
  };
}

async function inTransaction<T>(pool: pg.Pool, work: (script: Script) => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  try {
    await connection.query('BEGIN');
    const result = await work({
      run: async (sql) => void (await connection.query(sql)),
      rows: async (sql, values) => (await connection.query(sql, values)).rows as Record<string, unknown>[],
    });
    await connection.query('COMMIT');
    return result;
  } catch (fault) {
    await connection.query('ROLLBACK');
    throw fault;
  } finally {
    connection.release();
  }
}
