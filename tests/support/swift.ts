// A real store that speaks S3: OpenStack Swift with its s3api, as Debian packages it, one device in a folder, no user but `test:tester`, on free ports
// of the loopback interface. It checks signatures and digests of what is sent, knows multipart uploads, and refuses conditional writes (501).
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { AwsClient } from 'aws4fetch';
import { freePort } from '../../scripts/instance.mjs';

export type Swift = {
  base: string;
  /** What the programs of an instance are started with. */
  keys: { S3_ACCESS_KEY_ID: string; S3_SECRET_ACCESS_KEY: string };
  /** A bucket of its own, made here, as FILES_URL says it. */
  bucket(name: string, folder?: string): Promise<string>;
  /** A bucket that everybody may read, and where: Swift has an address of its own for that. */
  publicBucket(name: string): Promise<{ url: string; readAt: string }>;
  stop(): Promise<void>;
};

const keys = { S3_ACCESS_KEY_ID: 'test:tester', S3_SECRET_ACCESS_KEY: 'testing' };
const servers = ['object', 'container', 'account'] as const;

const pipeline = {
  catch_errors: {},
  cache: { use: 'egg:swift#memcache', memcache_servers: '127.0.0.1:1' }, // nobody is there: it does without
  listing_formats: {},
  s3api: { max_bucket_listing: 3 }, // so that every listing has pages
  tempauth: { user_test_tester: 'testing .admin' },
  slo: {},
  dlo: {},
};

/** Starts it; resolves once it answers. */
export async function startSwift(): Promise<Swift> {
  const folder = mkdtempSync(path.join(tmpdir(), 'swift-'));
  mkdirSync(path.join(folder, 'devices', 'one'), { recursive: true });
  const children: ChildProcess[] = [];
  const startServer = (kind: string, text: string): void => {
    const file = path.join(folder, `${kind}-server.conf`);
    writeFileSync(file, text);
    children.push(spawn(`swift-${kind}-server`, [file], { stdio: ['ignore', 'ignore', 'inherit'], detached: true }));
  };
  for (const kind of servers) {
    const port = await freePort();
    makeRing(folder, kind, port);
    startServer(kind, `${common(folder, port)}\n${program(kind, [], '')}`);
  }
  const port = await freePort();
  startServer('proxy', `${common(folder, port)}\n${proxySettings()}`);
  const base = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    for (const child of children) if (child.pid !== undefined) endGroup(child.pid);
    await Promise.all(children.map((child) => child.exitCode ?? new Promise((resolve) => child.once('exit', resolve))));
    rmSync(folder, { recursive: true, force: true });
  };
  await untilAnswering(base, children);
  const publicBucket = async (name: string) => ({
    url: await makeBucket(base, name, '', { 'x-amz-acl': 'public-read' }),
    readAt: `${base}/v1/AUTH_test/${name}`,
  });
  return { base, keys, bucket: (name, within = '') => makeBucket(base, name, within), publicBucket, stop };
}

/** Each server is the first of a process group of its own. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'ESRCH') throw fault;
  }
}

const common = (folder: string, port: number): string =>
  [
    `[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = ${port}\nworkers = 0\nuser = ${userInfo().username}`,
    `swift_dir = ${folder}\ndevices = ${folder}/devices\nmount_check = false\nfallocate_reserve = 0`,
    `log_address = ${folder}/no-log\n`,
  ].join('\n');

function proxySettings(): string {
  const filters = Object.entries(pipeline).map(([name, settings]) => {
    const lines = Object.entries({ use: `egg:swift#${name}`, ...settings }).map(([key, value]) => `${key} = ${value}`);
    return `[filter:${name}]\n${lines.join('\n')}\n`;
  });
  const settings = 'allow_account_management = true\naccount_autocreate = true\n';
  return [program('proxy', Object.keys(pipeline), settings), ...filters].join('\n');
}

/** The program at the end of its pipeline; its section has to be called so. */
const program = (kind: string, before: string[], settings: string): string =>
  [
    `[pipeline:main]\npipeline = ${[...before, `${kind}-server`].join(' ')}`,
    `[app:${kind}-server]\nuse = egg:swift#${kind}\n${settings}`,
  ].join('\n');

function makeRing(folder: string, kind: string, port: number): void {
  const builder = path.join(folder, `${kind}.builder`);
  const steps = [['create', '2', '1', '1'], ['add', `r1z1-127.0.0.1:${port}/one`, '1'], ['rebalance']];
  for (const step of steps) {
    const said = spawnSync('swift-ring-builder', [builder, ...step], { encoding: 'utf8' });
    // 1 is a warning: one device is no redundancy.
    if (said.error ?? said.status === 2) throw new Error(`swift-ring-builder: ${said.error ?? said.stdout}`);
  }
  readFileSync(path.join(folder, `${kind}.ring.gz`));
}

async function untilAnswering(base: string, children: ChildProcess[]): Promise<void> {
  for (;;) {
    if (children.some((child) => child.exitCode !== null)) throw new Error('A server of Swift ended at once.');
    if (await makeBucket(base, 'is-it-there', '').then(Boolean, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function makeBucket(base: string, name: string, folder: string, headers = {}): Promise<string> {
  const client = new AwsClient({
    accessKeyId: keys.S3_ACCESS_KEY_ID,
    secretAccessKey: keys.S3_SECRET_ACCESS_KEY,
    ...{ region: 'us-east-1', service: 's3', retries: 0 },
  });
  const answer = await client.fetch(`${base}/${name}`, { method: 'PUT', headers });
  if (!answer.ok) throw new Error(`Swift made no bucket: ${answer.status} ${await answer.text()}`);
  return `s3://${name}/${folder}?endpoint=${base}`;
}
