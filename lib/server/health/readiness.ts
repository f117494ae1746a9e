// Can this process answer people? Asked by whoever distributes requests among several web programs, so by strangers too: the answer says words and no causes,
// and is made at most every few seconds, however often it is asked. Mail that is late is told and does not make a web program unready: another one would
// not send it earlier. Each check is cut off: what hangs is broken.
import { after } from '#lib/server/clock.ts';
import { readMigrations, type Migration } from '#lib/server/db/migrate.ts';
import { limits } from '#lib/server/limits.ts';
import { log } from '#lib/server/log.ts';
import { migrationsFolder } from '#lib/server/open-runtime.ts';
import { runtime, type Runtime } from '#lib/server/runtime.ts';

export type CheckState = 'good' | 'late' | 'broken';
export type Readiness = { ready: boolean; checks: Record<CheckName, CheckState> };
type CheckName = 'database' | 'migrations' | 'storage' | 'mail';
type Check = () => Promise<CheckState>;

const checks: Record<CheckName, Check> = {
  database: async () => {
    await runtime().db.$queryRaw`SELECT 1`;
    return 'good';
  },
  migrations: async () => ((await missingMigrations()).length === 0 ? 'good' : 'broken'),
  storage: async () => {
    await runtime().files.check();
    return 'good';
  },
  mail: async () => ((await oldestMailMs()) > limits.mailLateMs ? 'late' : 'good'),
};

/** The migrations of this program that the database does not have: another program was started from an older copy, or none was applied. */
async function missingMigrations(known: readonly Migration[] = readMigrations(migrationsFolder())): Promise<string[]> {
  const rows = await runtime().db.$queryRaw<{ name: string }[]>`
    SELECT "migration_name" AS "name" FROM "_prisma_migrations"
    WHERE "finished_at" IS NOT NULL AND "rolled_back_at" IS NULL`;
  const applied = new Set(rows.map(({ name }) => name));
  return known.map(({ name }) => name).filter((name) => !applied.has(name));
}

/** How long the oldest mail has been due that was not sent yet; 0: none is. */
async function oldestMailMs(): Promise<number> {
  const { db, clock } = runtime();
  const now = clock.now();
  const oldest = await db.mail.findFirst({
    where: { sentAt: null, failedAt: null, nextAt: { lte: now } },
    orderBy: { createdAt: 'asc' },
    select: { createdAt: true },
  });
  return oldest === null ? 0 : now.getTime() - oldest.createdAt.getTime();
}

async function ask(name: CheckName, check: Check): Promise<[CheckName, CheckState]> {
  let timer: NodeJS.Timeout | undefined;
  const cut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${limits.readyCheckMs} ms.`)), limits.readyCheckMs);
  });
  try {
    return [name, await Promise.race([check(), cut])];
  } catch (fault) {
    log().error({ check: name, fault: fault instanceof Error ? fault.message : String(fault) }, 'Not ready.');
    return [name, 'broken'];
  } finally {
    clearTimeout(timer);
  }
}

type Kept = { until: Date; asked: Promise<Readiness> };
const kept = new WeakMap<Runtime, Kept>();

/** Asks every check, or answers what was found a moment ago. Never throws. */
export function readiness(): Promise<Readiness> {
  const now = runtime().clock.now();
  const known = kept.get(runtime());
  if (known && now < known.until) return known.asked;
  const asked = askAll();
  kept.set(runtime(), { until: after(now, limits.readyFreshMs), asked });
  return asked;
}

async function askAll(): Promise<Readiness> {
  const found = await Promise.all(Object.entries(checks).map(([name, check]) => ask(name as CheckName, check)));
  const states = Object.fromEntries(found) as Record<CheckName, CheckState>;
  return { ready: !Object.values(states).includes('broken'), checks: states };
}
