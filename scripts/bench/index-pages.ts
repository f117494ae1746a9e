// How fast one index page is served: the web program beside nginx serving the very same file, in one run, taking turns. The load
// generator has one core, the server the other one. Needs nginx, wrk and taskset; says so where one is missing.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort, startInstance } from '../instance.mjs';
import type { Row } from './table.ts';

const execute = promisify(execFile);
const needed = ['/usr/sbin/nginx', '/usr/bin/wrk', '/usr/bin/taskset'];
const rounds = 3;

function writeTree(index: string): void {
  const folder = path.join(index, 'simple', 'bench');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(index, 'simple', 'index.html'),
    '<!DOCTYPE html><title>Simple index</title><a href="bench/">bench</a>\n',
  );
  const link = (n: number) =>
    `<a href="/files/${'ab'.repeat(16)}/bench-1.${n}.tar.gz#sha256=${'cd'.repeat(32)}">bench-1.${n}.tar.gz</a><br>\n`;
  writeFileSync(
    path.join(folder, 'index.html'),
    `<!DOCTYPE html><title>Links for bench</title>\n${Array.from({ length: 150 }, (_, n) => link(n)).join('')}`,
  );
}

async function startNginx(folder: string, index: string, port: number): Promise<() => void> {
  const lines = [
    // As root nginx would read as `nobody`, who may not enter our folder: its 403 would be what is measured.
    `${process.getuid?.() === 0 ? 'user root; ' : ''}daemon off; worker_processes 1; error_log stderr crit;`,
    `pid ${folder}/nginx.pid;`,
    'events { worker_connections 1024; }',
    'http { include /etc/nginx/mime.types; access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;',
    ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`),
    `server { listen 127.0.0.1:${port}; root ${index}; } }`,
  ];
  writeFileSync(path.join(folder, 'nginx.conf'), lines.join('\n'));
  const nginx = spawn(
    '/usr/bin/taskset',
    ['-c', '0', '/usr/sbin/nginx', '-c', path.join(folder, 'nginx.conf'), '-p', folder],
    { stdio: 'ignore' },
  );
  for (let tries = 0; tries < 50; tries += 1) {
    if (
      await fetch(`http://127.0.0.1:${port}/simple/bench/`).then(
        () => true,
        () => false,
      )
    )
      break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return () => nginx.kill('SIGTERM');
}

async function requestsPerSecond(url: string): Promise<number> {
  const { stdout } = await execute('/usr/bin/taskset', ['-c', '1', '/usr/bin/wrk', '-t1', '-c32', '-d4s', url]);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`Not every answer of ${url} was the page:\n${stdout}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1] ?? 0);
}

/** Two servers are compared only if both give the very same bytes. */
async function requireSamePage(...urls: string[]): Promise<void> {
  const pages = await Promise.all(urls.map(async (url) => (await fetch(url)).text()));
  if (new Set(pages).size !== 1 || !pages[0]?.startsWith('<!DOCTYPE html><title>Links for bench'))
    throw new Error(`These do not answer with the same page: ${urls.join(', ')}`);
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Rows of the table for `/simple/PROJECT/`. */
export async function measureIndexPages(): Promise<Row[]> {
  const missing = needed.filter((file) => !existsSync(file));
  if (missing.length > 0)
    return [
      { what: '/simple/PROJECT/ beside nginx', figure: `not measured: ${missing.join(', ')} missing`, goal: '≥ 0.5' },
    ];
  const folder = mkdtempSync(path.join(tmpdir(), 'cs-bench-'));
  const index = path.join(folder, 'data', 'index');
  writeTree(index);
  const instance = await startInstance({
    dataFolder: path.join(folder, 'data'),
    port: await freePort(),
    countersigner: false,
    stdio: 'ignore',
  });
  await execute('/usr/bin/taskset', ['-a', '-cp', '0', String(instance.web.child.pid)]);
  const port = await freePort();
  const endNginx = await startNginx(folder, index, port);
  const figures = { own: [] as number[], nginx: [] as number[] };
  const [own, nginx] = [`${instance.address}/simple/bench/`, `http://127.0.0.1:${port}/simple/bench/`];
  try {
    await requireSamePage(own, nginx);
    for (let round = 0; round < rounds; round += 1) {
      figures.own.push(await requestsPerSecond(own));
      figures.nginx.push(await requestsPerSecond(nginx));
    }
  } finally {
    endNginx();
    await instance.end();
    rmSync(folder, { recursive: true, force: true });
  }
  const rates = { own: median(figures.own), nginx: median(figures.nginx) };
  return [
    { what: '/simple/PROJECT/, web program', figure: `${Math.round(rates.own)} requests/s`, goal: '' },
    { what: '/simple/PROJECT/, nginx, same file', figure: `${Math.round(rates.nginx)} requests/s`, goal: '' },
    { what: 'web program / nginx', figure: (rates.own / rates.nginx).toFixed(2), goal: '≥ 0.5' },
  ];
}
