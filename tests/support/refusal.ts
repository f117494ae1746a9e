// The two halves of a refusal test: the right code, and nothing changed: no row of any table, no stored file.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { isRefusal, type RefusalCode } from '#lib/core/errors.ts';
import type { HistoryKind } from '#lib/server/history/kinds.ts';
import { runtime } from '#lib/server/runtime.ts';

/** A picture of all rows and stored files, to compare with a later one. Without rate limits: a try counts, whatever becomes of it. */
export async function takePicture(): Promise<Record<string, unknown>> {
  const { db, config } = runtime();
  const tables = await db.$queryRawUnsafe<{ name: string }[]>(
    `SELECT table_name::text AS "name" FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT IN ('_prisma_migrations', 'RateLimit') ORDER BY 1`,
  );
  const picture: Record<string, unknown> = {};
  for (const { name } of tables) {
    const rows = await db.$queryRawUnsafe<{ row: string }[]>(`SELECT t::text AS "row" FROM "${name}" t ORDER BY 1`);
    picture[name] = rows.map(({ row }) => row);
  }
  const files = readdirSync(path.join(config.dataFolder, 'files'), { recursive: true, withFileTypes: true });
  picture.files = files
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
  return picture;
}

/**
 * Asserts that the work is refused with this code and changed nothing. `recorded`: the one entry that a recorded refusal
 * adds to history.
 */
export async function expectRefusal(
  work: () => Promise<unknown>,
  code: RefusalCode,
  recorded?: HistoryKind,
): Promise<void> {
  const before = await takePicture();
  const entries = await runtime().db.historyEntry.count();
  const fault: unknown = await work().then(
    () => new Error('was not refused'),
    (thrown: unknown) => thrown,
  );
  if (!isRefusal(fault)) throw fault;
  expect(fault.code).toBe(code);
  const after = await takePicture();
  if (recorded) {
    const added = await runtime().db.historyEntry.findMany({ orderBy: { id: 'asc' }, skip: entries });
    expect(added.map((entry) => entry.kind)).toEqual([recorded]);
    expect(added[0]?.details).toMatchObject({ code });
    delete before.HistoryEntry;
    delete after.HistoryEntry;
  }
  expect(after).toEqual(before);
}
