// A real nginx that serves an index tree by docs/guide/index-tree.nginx.conf, on a free port. As root its workers have the account of Debian's
// package, so that what it may read is what it may read on a server.
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../scripts/instance.mjs';

const documented = 'docs/guide/index-tree.nginx.conf';

export type Nginx = { base: string; stop(): Promise<void> };

/** Serves `tree`, with the documented settings but the address, the root and where the web program is. */
export async function startNginx(tree: string, webProgram = '127.0.0.1:9'): Promise<Nginx> {
  const place = mkdtempSync(path.join(tmpdir(), 'nginx-'));
  chmodSync(place, 0o711);
  const port = await freePort();
  const server = readFileSync(documented, 'utf8')
    .replace('127.0.0.1:8080', `127.0.0.1:${port}`)
    .replace('/var/lib/countersign/index', tree)
    .replace('127.0.0.1:3000', webProgram);
  writeFileSync(path.join(place, 'server.conf'), server);
  writeFileSync(path.join(place, 'nginx.conf'), frame(place));
  const nginx = spawn('/usr/sbin/nginx', ['-c', `${place}/nginx.conf`, '-p', place], { stdio: 'inherit' });
  const ended = new Promise<void>((resolve) => nginx.once('exit', () => resolve()));
  const base = `http://127.0.0.1:${port}`;
  await untilAnswering(base, () => nginx.exitCode);
  const stop = async (): Promise<void> => {
    nginx.kill('SIGQUIT');
    await ended;
    rmSync(place, { recursive: true, force: true });
  };
  return { base, stop };
}

function frame(place: string): string {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  for (const name of folders) mkdirSync(path.join(place, name));
  const user = process.getuid?.() === 0 ? 'user www-data;' : '';
  return [
    `daemon off; ${user} worker_processes 1; pid ${place}/pid; error_log stderr crit; events {}`,
    'http { access_log off; default_type application/octet-stream;',
    ...folders.map((name) => `${name}_temp_path ${place}/${name};`),
    `include ${place}/server.conf; }`,
  ].join('\n');
}

async function untilAnswering(base: string, exitCode: () => number | null): Promise<void> {
  for (;;) {
    if (exitCode() !== null) throw new Error(`nginx ended with ${exitCode()}; its own words stand above.`);
    const answered = await fetch(`${base}/simple/`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
