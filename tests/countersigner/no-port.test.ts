// The running program listens on no port: looked up in the kernel's own tables, for it and its children, while it works (threats.md, 96 and 100). And
// what its operator can ask it and do beside it and after it: status, changing keys.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let folder: string;
let server: Server;
let child: ChildProcess | null = null;
let posted = 0;
beforeEach(async () => {
  posted = 0;
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'countersigner-')), 'state');
  server = createServer((req, res) => {
    const answer = (body: object): void => void res.end(JSON.stringify(body));
    const parts: Buffer[] = [];
    req.on('data', (chunk: Buffer) => parts.push(chunk));
    req.on('end', () => {
      const isQueue = req.url?.startsWith('/handoff/queue') ?? false;
      // A question that hangs, as the web program lets it hang.
      if (isQueue && req.url?.includes('since=')) return;
      if (isQueue) return answer({ index: 'sign.example.org', sequence: posted, projects: [], drafts: [], mark: 'm' });
      posted += 1;
      void import('node:crypto').then(({ createHash }) =>
        answer({ sha256: createHash('sha256').update(Buffer.concat(parts)).digest('hex'), sequence: posted }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await end();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(path.dirname(folder), { recursive: true });
});

const main = path.join(import.meta.dirname, '..', '..', 'countersigner', 'main.ts');
const settings = (): NodeJS.ProcessEnv => ({
  ...{ NODE_ENV: 'test', PATH: process.env['PATH'], STATE_DIR: folder, HANDOFF_TOKEN: 'x'.repeat(40) },
  COUNTERSIGN_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
});
type Said = { code: number; out: string; err: string };
const run = (...words: string[]): Promise<Said> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', main, ...words], { env: settings() }, (fault, out, err) =>
      resolve({ code: typeof fault?.code === 'number' ? fault.code : 0, out, err }),
    );
  });

/** Started, and waiting for work. */
async function start(): Promise<number> {
  await run('init');
  child = spawn(process.execPath, ['--import', 'tsx', main, 'run'], { env: settings(), stdio: 'inherit' });
  const { pid } = child;
  await vi.waitUntil(() => posted > 0, { timeout: 60_000, interval: 20 });
  if (pid === undefined) throw new Error('not started');
  return pid;
}

const end = (): Promise<void> =>
  new Promise((resolve) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });

const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );

/** Inodes of the sockets that a process has open. */
const socketsOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1] ?? [];
    } catch {
      return []; // closed meanwhile
    }
  });

/** Inode → state of every internet socket. 0A is LISTEN; a UDP socket that is bound has 07. */
function internetSockets(): Map<string, string> {
  const found = new Map<string, string>();
  for (const table of ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6'])
    for (const line of readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1)) {
      const columns = line.trim().split(/\s+/);
      const [state, inode] = [columns[3], columns[9]];
      if (state !== undefined && inode !== undefined) found.set(inode, `${table} ${state}`);
    }
  return found;
}

test('the running countersigner listens on no port, and neither do its children', async () => {
  const pid = await start();
  const known = internetSockets();
  const own = [pid, ...childrenOf(pid)].flatMap(socketsOf).map((inode) => known.get(inode));
  const states = own.filter((state) => state !== undefined);
  // The test can see them at all: the question that hangs is one.
  expect(states).toContain('tcp 01');
  expect(states.filter((state) => !/^tcp6? 0[1-9]$/.test(state))).toEqual([]);
});

test('its status is told beside it: keys, hand-backs, ends of the metadata, the last round', async () => {
  await run('init');
  const before = JSON.parse((await run('status')).out) as Record<string, unknown>;
  expect(before).toMatchObject({ running: null, index: null, handBacks: null, lastRound: null });
  const pid = await start();
  await vi.waitUntil(() => readdirSync(folder).includes('last-round.json'), { timeout: 30_000, interval: 20 });
  const said = await run('status');
  expect(said.code).toBe(0);
  const status = JSON.parse(said.out) as Record<string, unknown>;
  expect(status).toMatchObject({
    ...{ folder, running: pid, index: 'sign.example.org', projects: 0, projectsToSignAnew: 0 },
    handBacks: { waiting: 0 },
    keys: {
      index: { place: 'file', fingerprint: expect.stringMatching(/^[0-9A-F]{40}$/), changes: 0, expires: null },
      log: expect.stringMatching(/^sign\.example\.org\/log\+/),
    },
    tuf: { root: { version: 1, stage: 'development' }, timestamp: { expires: expect.stringMatching(/Z$/) } },
    lastRound: { went: 'well' },
  });
  expect(said.out).not.toContain('PRIVATE');
});

test('a key is changed while it is stopped, and not while it runs', async () => {
  await start();
  const beside = await run('rotate', 'index-key');
  expect([beside.code, beside.err]).toEqual([2, expect.stringContaining('in use by process')]);
  await end();
  const before = JSON.parse((await run('status')).out) as { keys: { index: { fingerprint: string }; log: string } };
  const said = JSON.parse((await run('rotate', 'index-key')).out) as { old: string; new: string };
  expect(said.old).toBe(before.keys.index.fingerprint);
  const waiting = await run('rotate', 'log-key');
  expect([waiting.code, waiting.err]).toEqual([2, expect.stringContaining('1 hand-backs were not acknowledged')]);
  await run('once');
  expect((await run('rotate', 'log-key')).code).toBe(0);
  await run('once');
  const after = JSON.parse((await run('status')).out) as typeof before;
  expect(after.keys).toMatchObject({ index: { fingerprint: said.new, changes: 1 } });
  expect(after.keys.log).not.toBe(before.keys.log);
  expect((await run('rotate', 'other-key')).code).toBe(2);
});
