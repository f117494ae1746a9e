// A wheel of 1 GB on its way in: by tus and by PUT to the web program, and by PUT to nginx (its dav module), in one run, taking turns, each sent by curl.
// nginx writes what comes; the web program writes, hashes and, with the PUT, reads and checks the wheel and opens its draft. With what the web program
// needed in memory beyond before. Needs nginx, curl and python3; Linux.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type * as story from '../demo/story.ts';
import { freePort, type Instance } from '../instance.mjs';
import { makeLargeWheel, median, memory, project, withProject } from './release.ts';
import type { Row } from './table.ts';

const execute = promisify(execFile);
const rounds = 3;
const mebibytes = 1024;

type Sent = { seconds: number; status: string };

/** One request by curl: how long it took, and how it was answered. */
async function curl(address: string, file: string, ...more: string[]): Promise<Sent> {
  const told = [
    '-s',
    '-o',
    '/dev/null',
    '-w',
    '%{time_total} %{http_code}',
    '-H',
    'Expect:',
    '-T',
    file,
    ...more,
    address,
  ];
  const [seconds = '', status = ''] = (await execute('curl', told)).stdout.split(' ');
  return { seconds: Number(seconds), status };
}

async function startNginx(folder: string): Promise<{ base: string; end: () => void }> {
  const port = await freePort();
  for (const name of ['incoming', 'client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'])
    mkdirSync(path.join(folder, 'nginx', name), { recursive: true });
  const at = path.join(folder, 'nginx');
  const lines = [
    `${process.getuid?.() === 0 ? 'user root; ' : ''}daemon off; worker_processes 1; error_log stderr crit; pid ${at}/pid;`,
    'events {} http { access_log off; client_max_body_size 0;',
    ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${at}/${name};`),
    `server { listen 127.0.0.1:${port}; root ${at}/incoming; dav_methods PUT DELETE; } }`,
  ];
  writeFileSync(path.join(at, 'nginx.conf'), lines.join('\n'));
  const child = spawn('/usr/sbin/nginx', ['-c', path.join(at, 'nginx.conf'), '-p', at], { stdio: 'inherit' });
  const base = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(base).then(
      () => true,
      () => false,
    ))
  )
    await new Promise((done) => setTimeout(done, 20));
  return { base, end: () => void child.kill('SIGQUIT') };
}

async function digestOf(file: string): Promise<Buffer> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file)) hash.update(part as Buffer);
  return hash.digest();
}

/** A token that may upload, made on the page. */
async function makeToken({ visitor }: story.Person): Promise<string> {
  const made = await visitor.submit(await visitor.get('/account/tokens'), 'Make the token', {
    ...{ name: 'bench', scope: 'upload' },
  });
  return /csp_[A-Za-z0-9_-]{43}/.exec(made.html)?.[0] ?? '';
}

/** Begins an upload and sends all of it in one request; ends it, so that the next round begins anew. */
async function byTus(instance: Instance, token: string, file: string, digest: Buffer): Promise<Sent> {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const headers = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' };
  const metadata = `filename ${base64(path.basename(file))},sha256 ${base64(digest.toString('hex'))}`;
  const begun = await fetch(`${instance.publicUrl}/api/v1/projects/${project}/uploads`, {
    method: 'POST',
    headers: { ...headers, 'upload-length': String(statSync(file).size), 'upload-metadata': metadata },
  });
  const place = new URL(begun.headers.get('location') ?? '', instance.publicUrl).href;
  const said = { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
  const more = Object.entries(said).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const sent = await curl(place, file, '-X', 'PATCH', ...more);
  await fetch(place, { method: 'DELETE', headers });
  return sent;
}

const byPut = (instance: Instance, token: string, file: string, digest: Buffer): Promise<Sent> =>
  curl(
    `${instance.publicUrl}/api/v1/projects/${project}/files/${path.basename(file)}`,
    file,
    ...['-H', `Authorization: Bearer ${token}`, '-H', `Repr-Digest: sha-256=:${digest.toString('base64')}:`],
  );

/** Rows of the table for large files. */
export function measureUploads(): Promise<Row[]> {
  return withProject(async (instance, _, [ada], folder) => {
    if (ada === undefined) throw new Error('Nobody is there.');
    const wheel = path.join(folder, 'sunrise_demo-9.0.0-py3-none-any.whl');
    execFileSync('python3', ['-c', makeLargeWheel, wheel, String(mebibytes * 2 ** 20)]);
    const [digest, token, nginx] = [await digestOf(wheel), await makeToken(ada), await startNginx(folder)];
    const pid = instance.web.child.pid ?? 0;
    const times = { nginx: [] as Sent[], tus: [] as Sent[], put: [] as Sent[] };
    const extra = { tus: 0, put: 0 };
    const watched = async (name: 'tus' | 'put', work: Promise<Sent>): Promise<void> => {
      times[name].push(await work);
      extra[name] = memory(pid, 'VmHWM');
    };
    try {
      for (let round = 0; round < rounds; round += 1) {
        times.nginx.push(await curl(`${nginx.base}/${round}.whl`, wheel));
        rmSync(path.join(folder, 'nginx', 'incoming', `${round}.whl`));
        writeFileSync(`/proc/${pid}/clear_refs`, '5');
        const before = memory(pid, 'VmRSS');
        await watched('tus', byTus(instance, token, wheel, digest));
        extra.tus -= before;
      }
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
      const before = memory(pid, 'VmRSS');
      await watched('put', byPut(instance, token, wheel, digest));
      extra.put -= before;
    } finally {
      nginx.end();
    }
    const size = Math.round(statSync(wheel).size / 2 ** 20);
    const say = (sent: readonly Sent[]): string => `${median(sent.map(({ seconds }) => seconds)).toFixed(1)} s`;
    const status = (sent: readonly Sent[]): string => [...new Set(sent.map((one) => one.status))].join(', ');
    const row = (what: string, sent: readonly Sent[]): Row => ({
      what: `${size} MiB ${what} (status ${status(sent)}, median of ${sent.length})`,
      ...{ figure: say(sent), goal: '' },
    });
    return [
      row('to nginx by PUT, written', times.nginx),
      row('by tus in one request, written as pieces, hashed, stored', times.tus),
      { what: 'extra memory of the web program for it', figure: `${extra.tus.toFixed(0)} MiB`, goal: '< 150 MiB' },
      row('by PUT, hashed, stored, unpacked and checked, its draft opened', times.put),
      { what: 'extra memory of the web program for it', figure: `${extra.put.toFixed(0)} MiB`, goal: '< 150 MiB' },
    ];
  });
}
