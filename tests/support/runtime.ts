// A whole runtime for a test: fresh database, temporary data folder, a clock that the test sets.
//   const world = await openTestRuntime({ at: '2026-11-22T09:00:00Z' });  …  await world.close();
// Commands and queries find it through `runtime()`; one is open at a time.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfig } from '#lib/server/config.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';

export type TestRuntime = Runtime & {
  database: TestDatabase;
  setTime(at: string): void;
  advance(milliseconds: number): void;
};

export async function openTestRuntime(
  options: { at?: string; environment?: Record<string, string> } = {},
): Promise<TestRuntime> {
  let now = Date.parse(options.at ?? '2026-11-22T09:00:00Z');
  const dataFolder = mkdtempSync(path.join(tmpdir(), 'countersign-test-'));
  const database = await openTestDatabase();
  const config = readConfig({
    ...bucketOfThisRun(),
    ...{ DATA_DIR: dataFolder, PUBLIC_URL: 'https://sign.example.org', DATABASE_URL: database.url ?? undefined },
    ...options.environment,
  });
  const opened = await openRuntime(config, { clock: { now: () => new Date(now) }, database });
  const close = opened.close;
  return Object.assign(opened, {
    database,
    setTime: (at: string) => void (now = Date.parse(at)),
    advance: (milliseconds: number) => void (now += milliseconds),
    close: async () => {
      await close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  });
}

/**
 * With TEST_FILES_URL (and S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY) every runtime of a test has its files in a folder of its own in that bucket:
 * the same tests, races of two processes included, on a store that several machines share.
 */
function bucketOfThisRun(): Record<string, string | undefined> {
  const { TEST_FILES_URL, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = process.env;
  if (TEST_FILES_URL === undefined) return {};
  const address = new URL(TEST_FILES_URL);
  address.pathname = `/${randomUUID()}`;
  return { FILES_URL: address.href, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY };
}
