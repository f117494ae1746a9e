// The image without an engine to build it: what its last stage copies is laid into a folder that nobody may write, and runs there as another user with its own start and health commands. The
// steps of its first stage are those that every suite begins with (npm ci, npm run build). And what compose.yaml sets are settings that the programs know.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { freePort } from '../../scripts/instance.mjs';

// Another user, where we may become one and that one may run Node at all.
const nobody = 65534;
const other =
  process.getuid?.() === 0 && spawnSync('node', ['-e', '0'], { uid: nobody, gid: nobody }).status === 0
    ? { uid: nobody, gid: nobody }
    : {};
const dockerfile = readFileSync('Dockerfile', 'utf8').replace(/\\\n/g, ' ');
const lines = dockerfile.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const lastStage = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
const instruction = (name: string): string[] =>
  lastStage.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
const command = (line: string | undefined): string[] => JSON.parse(/\[.*\]$/.exec(line ?? '')?.[0] ?? '[]') as string[];

const root = mkdtempSync(path.join(tmpdir(), 'cs-container-'));
const app = path.join(root, 'app');
const data = path.join(root, 'data');
let program: ChildProcess;
let said = '';
let environment: NodeJS.ProcessEnv;

/** What `npm prune --omit=dev` leaves, linked instead of copied. */
function layPackages(): void {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  const kept = Object.entries(packages).filter(([place, { dev }]) => place !== '' && dev !== true && existsSync(place));
  const top = new Set(kept.map(([place]) => place).filter((place) => place.split('node_modules/').length === 2));
  for (const place of top) {
    mkdirSync(path.dirname(path.join(app, place)), { recursive: true });
    const copied = (option: string): boolean =>
      spawnSync('cp', [option, path.resolve(place), path.join(app, place)], { stdio: 'ignore' }).status === 0;
    // Linked where both are on one disk.
    if (!copied('-al')) expect(copied('-a')).toBe(true);
  }
}

/** `COPY --from=build /app/X ./X`. */
function layFiles(): void {
  for (const line of instruction('COPY')) {
    const [, ...places] = line.split(' ').filter((word) => word !== '');
    for (const place of places.slice(0, -1).map((word) => word.replace('/app/', ''))) {
      if (place === 'node_modules') layPackages();
      else
        cpSync(place, path.join(app, place), {
          recursive: true,
          filter: (from) => !/\.next\/(?:cache|dev)\b|test-results/.test(from),
        });
    }
  }
}

beforeAll(async () => {
  mkdirSync(app, { recursive: true });
  mkdirSync(data, { mode: 0o700 });
  layFiles();
  chmodSync(root, 0o755);
  if ('uid' in other) chownSync(data, nobody, nobody);
  const port = String(await freePort());
  const given = instruction('ENV')
    .flatMap((line) => line.split(' '))
    .map((pair) => pair.split('=') as [string, string]);
  environment = {
    ...Object.fromEntries(given),
    NODE_ENV: 'production',
    PATH: process.env['PATH'] ?? '',
    DATA_DIR: data,
    PORT: port,
    PUBLIC_URL: `http://localhost:${port}`,
  };
  const [name = '', ...args] = command(instruction('CMD').at(-1));
  program = spawn(name, args, { cwd: app, env: environment, stdio: ['ignore', 'pipe', 'pipe'], ...other });
  for (const stream of [program.stdout, program.stderr])
    stream?.on('data', (piece: Buffer) => (said += piece.toString()));
});
afterAll(() => {
  program.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

const health = (): number | null => {
  const [name = '', ...args] = command(instruction('HEALTHCHECK')[0]);
  return spawnSync(name, args, { cwd: app, env: environment }).status;
};

describe('what the image holds', () => {
  it('is all that the program needs: it gets healthy and serves a page, as another user who may write its data and nothing else', async () => {
    await vi.waitUntil(() => health() === 0 || program.exitCode !== null, { timeout: 150_000, interval: 500 });
    expect([program.exitCode, said.includes('"level":"error"')]).toEqual([null, false]);
    const base = `http://127.0.0.1:${environment['PORT']}`;
    expect(await (await fetch(`${base}/readyz`)).json()).toMatchObject({ ready: true });
    const page = await fetch(`${base}/sign-in`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Sign in')]);
    expect((await fetch(`${base}/client/countersign.mjs`)).status).toBe(200);
  });

  it('ends by the signal that the image names, in order', async () => {
    const ended = new Promise<number | null>((resolve) => program.once('exit', resolve));
    program.kill(instruction('STOPSIGNAL')[0] as NodeJS.Signals);
    expect(await ended).toBe(0);
    expect(health()).toBe(1);
  });

  it('has no root, no tests, no package of development, no secret', () => {
    expect(instruction('USER')).toEqual(['node']);
    expect(existsSync(path.join(app, 'node_modules', 'vitest'))).toBe(false);
    expect(existsSync(path.join(app, 'tests'))).toBe(false);
    expect(dockerfile).not.toMatch(/TOKEN|SECRET|PASSWORD/);
    for (const place of ['node_modules', 'data', '.git'])
      expect(readFileSync('.dockerignore', 'utf8')).toContain(`${place}\n`);
  });
});

describe('compose.yaml', () => {
  const compose = readFileSync('compose.yaml', 'utf8');
  const block = /x-settings: &settings\n((?: {2}.*\n)+)/.exec(compose)?.[1] ?? '';
  const settings = Object.fromEntries(
    block
      .trim()
      .split('\n')
      .map(
        (line) =>
          line
            .trim()
            .split(/: (.*)/s)
            .slice(0, 2) as [string, string],
      )
      .map(([name, value]) => [name, value.replace(/^'|'$/g, '')]),
  );

  it('sets what the programs know and can read', () => {
    const config = readConfig({ ...settings, DATA_DIR: root });
    expect(config).toMatchObject({ publicUrl: 'http://localhost:8080', shutdownSeconds: 120 });
    expect([config.filesBucket, config.databaseUrl, config.smtpUrl]).not.toContain(null);
    const known = readFileSync('lib/server/config.ts', 'utf8');
    for (const name of Object.keys(settings)) expect(known).toContain(name);
  });

  it('runs programs that the build makes', () => {
    const ran = [...compose.matchAll(/\.build\/([a-z-]+)\.mjs/g)].map(([, name]) => name);
    expect(ran.length).toBeGreaterThan(0);
    for (const name of ran) expect(existsSync(path.join('.build', `${name}.mjs`))).toBe(true);
  });

  it('mounts what the programs write to where the image has a folder of their user', () => {
    const made = instruction('RUN').flatMap((line) => line.match(/ \/[a-z-]+/g) ?? []);
    const written = [...compose.matchAll(/(?<=[[ ])[a-z-]+:(\/(?:data|state|index-key))(?=[,\]])/g)].map(
      ([, place]) => place,
    );
    expect(new Set(written)).toEqual(new Set(['/data', '/state', '/index-key']));
    for (const place of written) expect(made).toContain(` ${place}`);
  });

  it('gives the countersigner no database, no secret of the web program but the token, and no port', () => {
    const [, own = ''] = /\n {2}countersigner:\n([\s\S]*?)\n\n/.exec(compose) ?? [];
    expect(own).not.toMatch(/DATABASE|SMTP|S3_|ports|data:\/data|\*settings/);
    expect(own).toContain('handover');
  });
});
