// What people wait for: a signature on a draft of two files, until the answer is there; and a wheel of 500 MB, uploaded and checked, with
// what the web program needed in memory beyond before. Needs gpg and python3; Linux, for the memory of a process.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, openAsBlob, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { closeEverybody } from '../demo/gnupg.ts';
import { openMailboxPage } from '../demo/mailbox.ts';
import * as story from '../demo/story.ts';
import { linkOf } from '../demo/visitor.ts';
import { freePort, startInstance, type Instance } from '../instance.mjs';
import type { Row } from './table.ts';

const project = 'sunrise-demo';
const vectors = path.join(import.meta.dirname, '..', '..', 'tests', 'vectors', 'python');
const small = ['sunrise_demo-1.2.0-py3-none-any.whl', 'sunrise_demo-1.2.0.tar.gz'];

// A wheel with one stored member of random bytes; RECORD names its digest, as every wheel's must.
const makeLargeWheel = `
import base64, hashlib, os, sys, zipfile
path, size = sys.argv[1], int(sys.argv[2])
info = 'sunrise_demo-9.0.0.dist-info/'
data = os.urandom(1 << 20) * (size >> 20)
small = {'sunrise_demo/__init__.py': b'', info + 'METADATA': b'Metadata-Version: 2.1\\nName: sunrise-demo\\nVersion: 9.0.0\\n',
         info + 'WHEEL': b'Wheel-Version: 1.0\\nGenerator: bench\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n'}
row = lambda name, b: f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(b).digest()).rstrip(b'=').decode()},{len(b)}\\n"
files = dict(small, **{'sunrise_demo/data.bin': data})
with zipfile.ZipFile(path, 'w', zipfile.ZIP_STORED) as wheel:
    for name, b in files.items(): wheel.writestr(name, b)
    wheel.writestr(info + 'RECORD', ''.join(row(n, b) for n, b in files.items()) + info + 'RECORD,,\\n')
`;

async function withProject<T>(
  work: (instance: Instance, people: story.Person[], folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cs-bench-'));
  const instance = await startInstance({
    dataFolder: path.join(folder, 'data'),
    port: await freePort(),
    stdio: 'ignore',
  });
  try {
    const world = {
      base: instance.publicUrl,
      mailbox: openMailboxPage(instance.publicUrl, instance.mailboxPath ?? ''),
    };
    const people: story.Person[] = [];
    for (const name of ['ada', 'bo', 'chi']) people.push(await story.arrive(world, name));
    for (const person of people) await story.registerKey(person);
    const [ada, ...guests] = people as [story.Person, ...story.Person[]];
    await story.foundProject(ada, project, 3);
    for (const guest of guests) await story.invite(world, ada, guest, project);
    await story.admitAll(ada, project, 2);
    return await work(instance, people, folder);
  } finally {
    await closeEverybody();
    await instance.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function millisecondsToSign(person: story.Person, draft: string): Promise<number> {
  const page = await person.visitor.get(draft);
  const signature = await person.gnupg.sign(await person.visitor.bytes(linkOf(page, /^Download /)));
  const started = performance.now();
  await story.handIn(person, page, signature);
  return performance.now() - started;
}

const memory = (pid: number, field: 'VmRSS' | 'VmHWM'): number =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

async function upload(
  instance: Instance,
  person: story.Person,
  file: string,
): Promise<{ status: number; seconds: number; extra: number }> {
  const pid = instance.web.child.pid ?? 0;
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const before = memory(pid, 'VmRSS');
  const form = new FormData();
  form.append('files', await openAsBlob(file), path.basename(file));
  const cookie = [...person.visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { cookie, origin: instance.publicUrl, accept: 'application/json' };
  const started = performance.now();
  const address = `${instance.publicUrl}/projects/${project}/drafts`;
  const { status } = await fetch(address, { method: 'POST', body: form, headers, redirect: 'manual' });
  return { status, seconds: (performance.now() - started) / 1000, extra: memory(pid, 'VmHWM') - before };
}

/** Rows of the table for signing and uploading. */
export function measureRelease(): Promise<Row[]> {
  return withProject(async (instance, people, folder) => {
    const [ada, bo, chi] = people as [story.Person, story.Person, story.Person];
    const files = small.map((name) => ({ name, bytes: new Uint8Array(readFileSync(path.join(vectors, name))) }));
    const draft = await story.openDraft(bo, project, files);
    const times = [
      await millisecondsToSign(ada, draft),
      await millisecondsToSign(chi, draft),
      await millisecondsToSign(bo, draft),
    ];
    const median = times.sort((a, b) => a - b)[1] ?? 0;
    const wheel = path.join(folder, 'sunrise_demo-9.0.0-py3-none-any.whl');
    execFileSync('python3', ['-c', makeLargeWheel, wheel, String(500 * 2 ** 20)]);
    const sent = await upload(instance, bo, wheel);
    const size = Math.round(statSync(wheel).size / 2 ** 20);
    return [
      {
        what: 'signature on a 2-file draft, answered (median of 3)',
        figure: `${median.toFixed(0)} ms`,
        goal: '< 100 ms',
      },
      {
        what: `wheel of ${size} MiB, uploaded and checked (status ${sent.status})`,
        figure: `${sent.seconds.toFixed(1)} s`,
        goal: '',
      },
      { what: 'extra memory of the web program for it', figure: `${sent.extra.toFixed(0)} MiB`, goal: '< 150 MiB' },
    ];
  });
}
