// `countersign verify` of a published release of two files, as people have the client: the one file, a new process each time. At first contact, with fingerprints
// given and nothing kept, and then with what was pinned. Needs gpg; talks to its own instance only.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Person } from '../demo/story.ts';
import { publish } from './publication.ts';
import { median, project, small, withProject } from './release.ts';
import type { Row } from './table.ts';

const program = path.join(import.meta.dirname, '..', '..', '.build', 'countersign.mjs');
const rounds = 9;

/** How many milliseconds one run takes, from its start to its end; what does not accept the release is a fault. */
async function timeOf(home: string, given: readonly string[]): Promise<number> {
  const env = { PATH: process.env['PATH'], NODE_ENV: 'production' as const, COUNTERSIGN_HOME: home };
  const started = performance.now();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, 'verify', `${project}==1.2.0`, '--json', ...given],
    { env, timeout: 30_000 },
  );
  const took = performance.now() - started;
  const { files } = JSON.parse(stdout) as { files: unknown[] };
  if (files.length !== small.length) throw new Error(`${files.length} files were verified.`);
  return took;
}

const rowOf = (what: string, times: number[]): Row => ({
  what: `countersign verify, 2 files, ${what} (median of ${rounds}; slowest ${(Math.max(...times) / 1000).toFixed(2)} s)`,
  figure: `${(median(times) / 1000).toFixed(2)} s`,
  goal: '< 1 s',
});

/** Rows of the table for the client. */
export function measureClient(): Promise<Row[]> {
  return withProject(async ({ publicUrl, fingerprint }, _, people, folder) => {
    await publish(publicUrl, people, small);
    const [owner] = people as [Person, ...Person[]];
    const index = ['--index', `${publicUrl}/`];
    const given = [...index, '--index-key', fingerprint, '--owner', `${project}=${owner.gnupg.fingerprint}`];
    const [first, pinned]: [number[], number[]] = [[], []];
    for (let round = 1; round <= rounds; round += 1) {
      const home = path.join(folder, `home-${round}`);
      first.push(await timeOf(home, given));
      pinned.push(await timeOf(home, index));
    }
    return [rowOf('first contact', first), rowOf('pinned', pinned)];
  });
}
