// Verifying, beside the tools that people have: one signature over 1 GB against `openssl dgst` (read and hash, nothing else) and `gpg --verify`,
// five signatures in one pass, small verifications a second, and requests answered while a thread hashes. Commands take turns; ratios are formed inside
// a round, then the median is taken. Needs gpg, openssl and GNU time's fields of the kernel (Linux); ends what it started.
import { execFileSync, spawn } from 'node:child_process';
import { createServer, get } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { digestBytes } from '#lib/digest/digest-bytes.ts';
import { digestFile } from '#lib/digest/digest-file.ts';
import { checkSignatures } from '#lib/pgp/check-signatures.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import type { Row } from './table.ts';

const root = path.join(import.meta.dirname, '..', '..');
const program = path.join(root, '.build', 'cli.mjs');
const rounds = 5;
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

type Ran = { seconds: number; peakMiB: number };

/** Runs a command to its end; its peak from the kernel, looked at as long as it lives. */
function measure(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { env, stdio: 'ignore' });
    let peakMiB = 0;
    const look = setInterval(() => {
      try {
        const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
        peakMiB = Math.max(peakMiB, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
      } catch {
        // It has just ended; what was seen before stands.
      }
    }, 10);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearInterval(look);
      if (code === 0) resolve({ seconds: (performance.now() - started) / 1000, peakMiB });
      else reject(new Error(`${command} ended with ${code}`));
    });
  });
}

type Ground = {
  folder: string;
  env: NodeJS.ProcessEnv;
  at: (name: string) => string;
  gpg: (...args: string[]) => void;
};

async function withGround<T>(work: (ground: Ground) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cs-bench-'));
  const env = { ...process.env, GNUPGHOME: folder };
  const fixed = ['--batch', '--yes', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', ''];
  const gpg = (...args: string[]) =>
    void execFileSync('gpg', [...fixed, ...args], { env, cwd: folder, stdio: 'ignore' });
  try {
    return await work({ folder, env, at: (name) => path.join(folder, name), gpg });
  } finally {
    execFileSync('gpgconf', ['--kill', 'gpg-agent'], { env });
    rmSync(folder, { recursive: true, force: true });
  }
}

const people = ['one', 'two', 'three', 'four', 'five'];

function makeSigned({ at, gpg, folder }: Ground): void {
  execFileSync('openssl', ['rand', '-out', 'large', '1000000000'], { cwd: folder });
  writeFileSync(at('small'), 'a statement of some lines\n'.repeat(10));
  for (const name of people) {
    gpg('--quick-generate-key', `${name} <${name}@example.org>`, 'ed25519', 'sign', 'never');
    gpg('--output', at(`${name}.key`), '--export', `${name}@`);
    gpg('--digest-algo', 'SHA256', '-u', `${name}@`, '--output', at(`${name}.sig`), '--detach-sign', 'large');
    gpg('--digest-algo', 'SHA256', '-u', `${name}@`, '--output', at(`${name}.small.sig`), '--detach-sign', 'small');
  }
  writeFileSync(at('all.sig'), Buffer.concat(people.map((name) => readFileSync(at(`${name}.sig`)))));
}

const check = ({ at, env }: Ground, names: string[], signature: string): Promise<Ran> => {
  const keys = names.flatMap((name) => ['--key', at(`${name}.key`)]);
  return measure(
    process.execPath,
    [program, 'check-signature', ...keys, '--data', at('large'), '--signature', at(signature)],
    env,
  );
};

async function measureLarge(ground: Ground): Promise<Row[]> {
  const ratios = { openssl: [] as number[], gpg: [] as number[], five: [] as number[], peak: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    const floor = await measure('openssl', ['dgst', '-sha256', ground.at('large')], ground.env);
    const one = await check(ground, ['one'], 'one.sig');
    const five = await check(ground, people, 'all.sig');
    const gpg = await measure('gpg', ['--verify', ground.at('one.sig'), ground.at('large')], ground.env);
    if (round === 0) continue;
    ratios.openssl.push(one.seconds / floor.seconds);
    ratios.gpg.push(one.seconds / gpg.seconds);
    ratios.five.push(five.seconds / one.seconds);
    ratios.peak.push(Math.max(one.peakMiB, five.peakMiB));
  }
  return [
    {
      what: 'one signature over 1 GB / openssl dgst -sha256',
      figure: median(ratios.openssl).toFixed(2),
      goal: '≤ 1.2',
    },
    { what: 'one signature over 1 GB / gpg --verify', figure: median(ratios.gpg).toFixed(2), goal: '≤ 0.5' },
    { what: 'five signatures over 1 GB / one', figure: median(ratios.five).toFixed(2), goal: '≤ 1.15' },
    {
      what: 'peak memory of the client for it',
      figure: `${Math.max(...ratios.peak).toFixed(0)} MiB`,
      goal: '< 130 MB',
    },
  ];
}

async function measureSmall({ at }: Ground): Promise<Row[]> {
  const data = readFileSync(at('small'));
  const asked = await Promise.all(
    people.map(async (name) => ({
      packets: await readSignatures(readFileSync(at(`${name}.small.sig`))),
      certificates: [(await readCertificate(readFileSync(at(`${name}.key`)), Date.now() + 60_000)).bytes],
      digest: (requests: Parameters<typeof digestBytes>[1]) => Promise.resolve(digestBytes(data, requests)),
    })),
  );
  const verify = async (): Promise<void> => {
    for (const facts of await Promise.all(asked.map(checkSignatures)))
      if (facts[0]?.defect !== null) throw new Error('a good signature was found bad');
  };
  for (let warm = 0; warm < 100; warm += 1) await verify();
  const [cpu, count] = [process.cpuUsage(), 2000];
  for (let done = 0; done < count; done += 1) await verify();
  const { user, system } = process.cpuUsage(cpu);
  const perSecond = (count * people.length) / ((user + system) / 1e6);
  return [
    { what: 'small verifications a second of one core, keys cached', figure: perSecond.toFixed(0), goal: '≥ 3500' },
  ];
}

async function requestsPerSecond(port: number, milliseconds: number): Promise<number> {
  const ends = performance.now() + milliseconds;
  let answered = 0;
  const ask = (): Promise<void> =>
    new Promise((resolve, reject) =>
      get({ port, host: '127.0.0.1' }, (answer) => answer.resume().once('end', resolve)).once('error', reject),
    );
  const client = async () => {
    for (; performance.now() < ends; answered += 1) await ask();
  };
  await Promise.all([client(), client()]);
  return answered / (milliseconds / 1000);
}

async function measureWhileHashing({ at }: Ground): Promise<Row[]> {
  const page = Buffer.alloc(20_000, 'x');
  const server = createServer((_, answer) => answer.end(page));
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
  );
  try {
    const shares: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const idle = await requestsPerSecond(port, 1000);
      const hashing = Promise.all([1, 2].map(() => digestFile(at('large'), { plain: ['sha256'], tails: [] })));
      shares.push((await requestsPerSecond(port, 1000)) / idle);
      await hashing;
    }
    return [
      { what: 'requests answered while a thread hashes 1 GB / idle', figure: median(shares).toFixed(2), goal: '≥ 0.5' },
    ];
  } finally {
    server.close();
  }
}

/** Rows of the table for verifying. */
export function measureVerification(): Promise<Row[]> {
  return withGround(async (ground) => {
    makeSigned(ground);
    return [...(await measureLarge(ground)), ...(await measureSmall(ground)), ...(await measureWhileHashing(ground))];
  });
}
