// A whole runtime for a test: fresh database, temporary data folder, a clock that the test sets.
//   const world = await openTestRuntime({ at: '2026-11-22T09:00:00Z' });  …  await world.close();
// Commands and queries find it through `runtime()`; one is open at a time.
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
