// The suites and what each needs. `scripts/test.mjs` runs them one after the other and adds up; `npx vitest run tests/core`
// runs some. The server suite stands here twice: the same files on the embedded database and on PostgreSQL.
import { defineConfig } from 'vitest/config';

const pureRooms = [
  'core',
  'python',
  'pgp',
  'digest',
  'simple',
  'evidence',
  'browser',
  'cli',
  'attacks',
  'rooms',
  'child',
  'changes',
];
const setup = ['tests/support/quiet.ts'];
// One migrated template database a run, of which every worker makes a copy (tests/support/database.ts).
// A worker keeps it, and what it imported and compiled, for all files that it runs one after the other (docs/decisions/076-tests-that-share-a-worker.md).
const withDatabase = { globalSetup: ['tests/support/global-setup.ts'], isolate: false };

type Options = {
  env?: Record<string, string>;
  globalSetup?: string[];
  testTimeout?: number;
  isolate?: boolean;
};

// The long run repeats the same tests hundreds of times.
const patience = process.env['TEST_LONG'] === '1' ? 60 : 1;

const suite = (name: string, include: string[], options: Options = {}) => ({
  test: {
    name,
    include,
    setupFiles: setup,
    // The machine that counts has two cores; a timeout here means "hangs", never "slow".
    hookTimeout: 120_000,
    execArgv: ['--import', new URL('tests/support/no-sync.mjs', import.meta.url).href],
    ...options,
    testTimeout: (options.testTimeout ?? 60_000) * patience,
  },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      suite(
        'unit',
        pureRooms.map((room) => `tests/${room}/**/*.test.ts`),
      ),
      suite('server-embedded', ['tests/server/**/*.test.ts'], {
        ...withDatabase,
        env: { TEST_DATABASE: 'embedded' },
      }),
      suite('server-postgres', ['tests/server/**/*.test.ts'], {
        ...withDatabase,
        env: { TEST_DATABASE: 'postgres' },
      }),
      suite(
        'web',
        ['tests/web/**/*.test.{ts,tsx}', 'tests/components/**/*.test.{ts,tsx}', 'tests/app/**/*.test.{ts,tsx}'],
        withDatabase,
      ),
      suite('countersigner', ['tests/countersigner/**/*.test.ts', 'tests/handoff/**/*.test.ts'], withDatabase),
      suite('interop', ['tests/interop/**/*.test.ts'], { testTimeout: 300_000 }),
      // Each story has an instance, ports and browsers of its own: two at once.
      suite('e2e', ['tests/e2e/**/*.test.ts'], { testTimeout: 300_000 }),
    ],
  },
});
