// The web program alone, as it is built, on a PostgreSQL database that the test has open too: no jobs and no countersigner, so that nothing
// changes but what the test asks for.
import path from 'node:path';
import { vi } from 'vitest';
import { freePort } from '../../scripts/instance.mjs';
import { root, start } from '../../scripts/processes.mjs';

export type RunningProgram = {
  /** Where it listens. */
  base: string;
  /** The address that it believes to have: the origin of its own pages. */
  publicUrl: string;
  environment: Record<string, string>;
  end(): Promise<unknown>;
  /** As a machine that lost its power. */
  kill(): Promise<unknown>;
  /** The same program once more, where it was. */
  again(): Promise<RunningProgram>;
};

/** Starts it on this data folder and database, with more settings; resolves once it answers. */
export async function startWebProgram(
  dataFolder: string,
  databaseUrl: string,
  more: Record<string, string> = {},
): Promise<RunningProgram> {
  const port = await freePort();
  return startAt(port, {
    ...{ DATA_DIR: dataFolder, DATABASE_URL: databaseUrl, PORT: String(port), PUBLIC_URL: `http://localhost:${port}` },
    ...{ INDEX_NAME: 'sign.example.org', ...more },
  });
}

async function startAt(port: number, environment: Record<string, string>): Promise<RunningProgram> {
  const program = start([process.execPath, path.join(root, '.build', 'web.mjs')], {
    env: { ...environment, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const base = `http://127.0.0.1:${port}`;
  await vi.waitUntil(() => answers(base), { timeout: 60_000, interval: 50 });
  const publicUrl = environment['PUBLIC_URL'] ?? '';
  const kill = (): Promise<unknown> => {
    program.child.kill('SIGKILL');
    return program.ended;
  };
  return { base, publicUrl, environment, end: () => program.end(), kill, again: () => startAt(port, environment) };
}

const answers = (base: string): Promise<boolean> =>
  fetch(`${base}/sign-in`, { method: 'HEAD', redirect: 'manual' }).then(
    () => true,
    () => false,
  );
