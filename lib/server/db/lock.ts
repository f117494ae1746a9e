// Rows locked until the end of the transaction: the second of two people who act on the same thing waits here.
// Table and column names come from the table below, never from a caller's text.
import { runtime } from '#lib/server/runtime.ts';
import type { Transaction } from './transaction.ts';

const keyOf = {
  Person: 'name',
  Address: 'address',
  SignInLink: 'tokenHash',
  Key: 'fingerprint',
  KeyChallenge: 'id',
  Project: 'name',
  Policy: 'id',
  Invitation: 'id',
  Draft: 'id',
  Handback: 'id',
} as const;

/** One at a time at the index tree: whoever puts something in place that another may be replacing. */
export async function lockTree(tx: Transaction): Promise<void> {
  await tx.$executeRawUnsafe('SELECT pg_advisory_xact_lock(6962)');
}

/** Locks the row (`SELECT … FOR UPDATE`); answers whether it exists. Race tests hold here: what was read before may be old by now. */
export async function lockRow(tx: Transaction, table: keyof typeof keyOf, key: string): Promise<boolean> {
  await runtime().hold?.(`lock.${table}`);
  const rows = await tx.$queryRawUnsafe<unknown[]>(
    `SELECT 1 AS "found" FROM "${table}" WHERE "${keyOf[table]}" = $1 FOR UPDATE`,
    key,
  );
  return rows.length > 0;
}
