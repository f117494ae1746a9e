// One process at a time at something outside of the database, such as the bucket of the index: a slow one never puts old pages over newer ones. On PostgreSQL
// by a lock that ends with its connection, so that nothing stays locked after a crash; the embedded database belongs to one process, whose jobs loop runs
// one step of a name at a time.
import { runtime } from '#lib/server/runtime.ts';

/** Longer than all of a large tree takes. */
const mostMs = 60 * 60 * 1000;

/** Runs it, and answers what it does; false, with nothing run, while another process is at the same. */
export async function aloneAt(what: string, work: () => Promise<boolean>): Promise<boolean> {
  const { db, databaseKind } = runtime();
  if (databaseKind === 'embedded') return work();
  const options = { timeout: mostMs, maxWait: 10_000 };
  return db.$transaction(async (tx) => {
    const lock = 'SELECT pg_try_advisory_xact_lock(6963, hashtext($1)) AS "free"';
    const [row] = await tx.$queryRawUnsafe<{ free: boolean }[]>(lock, what);
    return row?.free === true && work();
  }, options);
}
