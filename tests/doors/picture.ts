// Everything that the program keeps, as one digest for each table and one for the stored files: to see that nothing changed, a thousand times. Of
// history, the traces of refusals are left out: an entry that says that something was refused is what a refusal may leave behind. So are the counts
// of tries: one counts whatever becomes of it (docs/decisions/072).
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Runtime } from '#lib/server/runtime.ts';

export type Picture = Record<string, string>;

/** Answers how to take a picture of this instance. */
export async function openCamera({ db, config }: Runtime): Promise<() => Promise<Picture>> {
  const tables = await db.$queryRawUnsafe<{ name: string }[]>(
    `SELECT table_name::text AS "name" FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT IN ('_prisma_migrations', 'RateLimit') ORDER BY 1`,
  );
  const digests = tables.map(({ name }) => {
    const where = name === 'HistoryEntry' ? `WHERE kind NOT LIKE '%refused'` : '';
    return `SELECT '${name}' AS "name", md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS "digest" FROM "${name}" t ${where}`;
  });
  const query = digests.join(' UNION ALL ');
  const filesIn = (): string =>
    readdirSync(path.join(config.dataFolder, 'files'), { recursive: true, encoding: 'utf8' }).sort().join(' ');
  return async () => {
    const rows = await db.$queryRawUnsafe<{ name: string; digest: string }[]>(query);
    return { ...Object.fromEntries(rows.map(({ name, digest }) => [name, digest])), files: filesIn() };
  };
}
