// A PostgreSQL server for one run of the tests: from the machine's own binaries, in a temporary folder, on a Unix socket and a
// free loopback port, without durability. TEST_POSTGRES_URL names a server of your own instead. Ends what it started.
import { existsSync, mkdtempSync, readdirSync, rmSync, chmodSync, chownSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { outputOf, run, start } from './processes.mjs';

/** Where the server's programs are; null where there are none. */
export function postgresFolder() {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions
    .map((version) => path.join(base, version, 'bin'))
    .find((bin) => existsSync(path.join(bin, 'initdb')));
  return found ?? null;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// PostgreSQL refuses to run as root; Debian's package brings the account `postgres`.
async function accountFor(folder) {
  if (process.getuid?.() !== 0) return [];
  const uid = Number(await outputOf(['id', '-u', 'postgres']));
  const gid = Number(await outputOf(['id', '-g', 'postgres']));
  if (!uid) throw new Error('PostgreSQL does not run as root, and this machine has no account “postgres”.');
  chownSync(folder, uid, gid);
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
}

async function answering(bin, port) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (
      (await run([path.join(bin, 'pg_isready'), '-q', '-h', '127.0.0.1', '-p', String(port)], { quiet: true }).catch(
        () => 1,
      )) === 0
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The PostgreSQL server for the tests did not answer within 10 seconds.');
}

/** Answers `{ url, close }`. The URL's user may create databases. */
export async function openPostgresForTests() {
  const own = process.env['TEST_POSTGRES_URL'];
  if (own) return { url: own, close: async () => undefined };
  const bin = postgresFolder();
  if (bin === null) throw new Error('No PostgreSQL server on this machine.');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-postgres-'));
  chmodSync(folder, 0o700);
  const as = await accountFor(folder);
  const data = path.join(folder, 'data');
  const made = await run(
    [
      ...as,
      path.join(bin, 'initdb'),
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ],
    { quiet: true, cwd: '/' },
  );
  if (made !== 0) throw new Error('The PostgreSQL server for the tests could not be made.');
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: folder,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: 200,
    log_min_messages: 'fatal',
  };
  const server = start(
    [
      ...as,
      path.join(bin, 'postgres'),
      '-D',
      data,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { stdio: ['ignore', 'ignore', 'ignore'], cwd: '/' },
  );
  await answering(bin, port);
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    close: async () => {
      server.child.kill('SIGINT');
      await server.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
