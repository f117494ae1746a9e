// What the doctor reads in the database: its version and migrations, its clock, and how work goes on in it. Reads only; no migration is applied.
import type { Script } from '#lib/server/db/client.ts';
import type { Migration } from '#lib/server/db/migrate.ts';
import { limits } from '#lib/server/limits.ts';
import { compareClocks } from './reach.ts';
import { broken, good, note, warning, type DoctorFinding } from './finding.ts';

/** Questions alone. */
export type Reading = Pick<Script, 'rows'>;

const minute = 60_000;
const oldestPostgres = 150_000;

/** Version and clock. */
export async function checkServer(script: Reading, now: Date): Promise<DoctorFinding[]> {
  const [server] = await script.rows(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
       extract(epoch FROM clock_timestamp())::float8 * 1000 AS at`,
  );
  const version = `PostgreSQL ${String(server?.version)}`;
  const clock = compareClocks('the database', now.getTime(), Number(server?.at));
  if (Number(server?.number) >= oldestPostgres) return [good('database', version), clock];
  return [broken('database', `${version} is too old.`, 'PostgreSQL 15 or newer is needed.'), clock];
}

/** Which migrations are applied; `note` where there is no table yet. */
export async function checkMigrations(script: Reading, known: readonly Migration[]): Promise<DoctorFinding> {
  const [found] = await script.rows(`SELECT to_regclass('"_prisma_migrations"') IS NOT NULL AS made`);
  if (found?.made !== true) return note('migrations', 'The database is empty: the first start makes the tables.');
  const rows = await script.rows(
    'SELECT migration_name AS name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  return sayMigrations(new Set(rows.map((row) => String(row.name))), known);
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

// Times of the database have no zone and mean UTC; as numbers they mean the same to every driver.
const epoch = (time: string): string => `extract(epoch FROM ${time})::float8 * 1000`;

/** How work goes on: mail, hand-backs, the countersigner, jobs. */
export async function checkWork(script: Reading, now: Date): Promise<DoctorFinding[]> {
  const [row] = await script.rows(
    `SELECT (SELECT ${epoch('min("createdAt")')} FROM "Mail"
         WHERE "sentAt" IS NULL AND "failedAt" IS NULL AND ${epoch('"nextAt"')} <= $1::float8) AS mail,
       (SELECT ${epoch('min("postedAt")')} FROM "Handback" WHERE state = 'posted') AS handback,
       (SELECT ${epoch('"seenAt"')} FROM "CountersignerContact") AS seen,
       (SELECT ${epoch('max("ranAt")')} FROM "JobStep") AS ran,
       (SELECT string_agg(name || ': ' || fault, '; ' ORDER BY name) FROM "JobStep" WHERE "failedAt" IS NOT NULL) AS failing`,
    [now.getTime()],
  );
  const ageOf = (at: unknown): number | null => (typeof at === 'number' ? now.getTime() - at : null);
  const mail = {
    fine: 'Nothing is late.',
    waits: 'Mail waits',
    remedy: 'Look at the mail server, and at the page of the operator.',
  };
  const placing = {
    fine: 'Nothing waits to be put in place.',
    waits: 'What the countersigner signed waits',
    remedy: 'Look whether jobs runs, and at its log.',
  };
  const signer = '“countersigner status” on its machine says more (docs/guide/countersigner-apart.md).';
  const start = 'Start jobs; with the embedded database it runs inside the web program.';
  return [
    sayAge('mail', ageOf(row?.mail), limits.mailLateMs, mail),
    sayAge('publications', ageOf(row?.handback), 5 * minute, placing),
    saySeen('countersigner', ageOf(row?.seen), 10 * minute, signer),
    saySeen('jobs', ageOf(row?.ran), 5 * minute, start),
    ...(typeof row?.failing === 'string'
      ? [warning('jobs', `Steps fail: ${row.failing}`, 'Look at the log of jobs.')]
      : []),
  ];
}

const sayMinutes = (ms: number): string => `${Math.round(ms / minute)} minutes`;

type Words = { fine: string; waits: string; remedy: string };

function sayAge(check: string, age: number | null, most: number, words: Words): DoctorFinding {
  if (age === null || age <= most) return good(check, words.fine);
  return warning(check, `${words.waits} for ${sayMinutes(age)}.`, words.remedy);
}

function saySeen(check: string, age: number | null, most: number, remedy: string): DoctorFinding {
  if (age === null) return note(check, 'Not heard of yet.');
  return age > most
    ? warning(check, `Last heard of ${sayMinutes(age)} ago.`, remedy)
    : good(check, 'Heard of within the last minutes.');
}
