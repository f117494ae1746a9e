// What the doctor reads in the database: its version and migrations, its clock, and how work goes on in it. Reads only; no migration is applied.
import type { Script } from '#lib/server/db/client.ts';
import type { Migration } from '#lib/server/db/migrate.ts';
import { limits } from '#lib/server/limits.ts';
import { compareClocks } from './reach.ts';
import { broken, good, note, warning, type DoctorFinding } from './finding.ts';

const minute = 60_000;
const oldestPostgres = 150_000;

/** Version, migrations and clock. */
export async function checkDatabase(script: Script, known: readonly Migration[], now: Date): Promise<DoctorFinding[]> {
  const [server] = await script.rows(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
       extract(epoch FROM clock_timestamp())::float8 * 1000 AS at, to_regclass('"_prisma_migrations"') IS NOT NULL AS made`,
  );
  const version = `PostgreSQL ${String(server?.version)}`;
  const clock = compareClocks('the database', now.getTime(), Number(server?.at));
  if (Number(server?.number) < oldestPostgres)
    return [broken('database', `${version} is too old.`, 'PostgreSQL 15 or newer is needed.'), clock];
  if (server?.made !== true) return [note('database', `${version}, empty: the first start makes the tables.`), clock];
  const rows = await script.rows(
    'SELECT migration_name AS name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  return [good('database', version), sayMigrations(new Set(rows.map((row) => String(row.name))), known), clock];
}

function sayMigrations(applied: ReadonlySet<string>, known: readonly Migration[]): DoctorFinding {
  const missing = known.filter(({ name }) => !applied.has(name)).length;
  const unknown = applied.size - (known.length - missing);
  if (unknown > 0)
    return broken(
      'migrations',
      `The database has ${unknown} migrations that this program does not know.`,
      'Run the newer version of the program.',
    );
  if (missing === 0) return good('migrations', `All ${known.length} are applied.`);
  return warning(
    'migrations',
    `${missing} are not applied.`,
    'The next start of a program applies them, or `npm run migrate`.',
  );
}

/** How work goes on: mail, hand-backs, the countersigner, jobs. Nothing to say of a database that no program used yet. */
export async function checkWork(script: Script, now: Date): Promise<DoctorFinding[]> {
  const [row] = await script.rows(
    `SELECT (SELECT min("createdAt") FROM "Mail" WHERE "sentAt" IS NULL AND "failedAt" IS NULL AND "nextAt" <= $1::timestamp) AS mail,
       (SELECT min("postedAt") FROM "Handback" WHERE state = 'posted') AS handback,
       (SELECT "seenAt" FROM "CountersignerContact") AS seen,
       (SELECT max("ranAt") FROM "JobStep") AS ran,
       (SELECT string_agg(name || ': ' || fault, '; ' ORDER BY name) FROM "JobStep" WHERE "failedAt" IS NOT NULL) AS failing`,
    [now.toISOString().replace('Z', '')],
  );
  const ageOf = (at: unknown): number | null => (at === null || at === undefined ? null : now.getTime() - timeOf(at));
  return [
    sayAge('mail', ageOf(row?.mail), limits.mailLateMs, [
      'Nothing is late.',
      'Mail waits',
      'Look at the mail server, and at the page of the operator.',
    ]),
    sayAge('publications', ageOf(row?.handback), 5 * minute, [
      'Nothing waits to be put in place.',
      'What the countersigner signed waits',
      'Look whether jobs runs, and at its log.',
    ]),
    saySeen(
      'countersigner',
      ageOf(row?.seen),
      10 * minute,
      '“countersigner status” on its machine says more (docs/guide/countersigner-apart.md).',
    ),
    saySeen(
      'jobs',
      ageOf(row?.ran),
      5 * minute,
      'Start jobs; with the embedded database it runs inside the web program.',
    ),
    ...(typeof row?.failing === 'string'
      ? [warning('jobs', `Steps fail: ${row.failing}`, 'Look at the log of jobs.')]
      : []),
  ];
}

/** Times of the database have no zone and mean UTC; drivers make a Date of them in the zone of the machine. */
function timeOf(at: unknown): number {
  if (!(at instanceof Date)) return Date.parse(`${String(at).replace(' ', 'T')}Z`);
  return at.getTime() - at.getTimezoneOffset() * minute;
}

const sayMinutes = (ms: number): string => `${Math.round(ms / minute)} minutes`;

function sayAge(
  check: string,
  age: number | null,
  most: number,
  [fine, waits, remedy]: [string, string, string],
): DoctorFinding {
  if (age === null || age <= most) return good(check, fine);
  return warning(check, `${waits} for ${sayMinutes(age)}.`, remedy);
}

function saySeen(check: string, age: number | null, most: number, remedy: string): DoctorFinding {
  if (age === null) return note(check, 'Not heard of yet.');
  return age > most
    ? warning(check, `Last heard of ${sayMinutes(age)} ago.`, remedy)
    : good(check, 'Heard of within the last minutes.');
}
