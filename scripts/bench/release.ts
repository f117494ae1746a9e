// What people wait for: a signature on a draft of two files, until the request is answered, and until its page is there; and a wheel of 500 MB, uploaded and checked, with
// what the web program needed in memory beyond before. Needs gpg and python3; Linux, for the memory of a process.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, openAsBlob, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { closeEverybody } from '../demo/gnupg.ts';
import { openMailboxPage } from '../demo/mailbox.ts';
import * as story from '../demo/story.ts';
import { linkOf, type Page } from '../demo/visitor.ts';
import { freePort, startInstance, type Instance } from '../instance.mjs';
import type { Row } from './table.ts';

export const project = 'sunrise-demo';
const vectors = path.join(import.meta.dirname, '..', '..', 'tests', 'vectors', 'python');
/** The two files of a release of it, 1.2.0. */
export const small = ['sunrise_demo-1.2.0-py3-none-any.whl', 'sunrise_demo-1.2.0.tar.gz'].map((name) =>
  path.join(vectors, name),
);

// A wheel with one stored member of random bytes; RECORD names its digest, as every wheel's must.
export const makeLargeWheel = `
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

/** A running instance with a project of three people with keys, all of whom must sign. */
export async function withProject<T>(
  work: (instance: Instance, world: story.World, people: story.Person[], folder: string) => Promise<T>,
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
    return await work(instance, world, people, folder);
  } finally {
    await closeEverybody();
    await instance.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

const rounds = 7;
export const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** How long each of these takes; the signature is taken back in between, so that each is the first one of the draft. */
async function timesToSign(
  person: story.Person,
  draft: string,
  handIn: (page: Page, signature: string) => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const page = await person.visitor.get(draft);
    const signature = await person.gnupg.sign(await person.visitor.bytes(linkOf(page, /^Download /)));
    const started = performance.now();
    await handIn(page, signature);
    times.push(performance.now() - started);
    await person.visitor.submit(await person.visitor.get(draft), 'Take it back');
    // The same signature never enters again, and one made in the same second is the same.
    await pause(1_000);
  }
  return times;
}

/** The request that `curl -T` makes with the line in the mail. */
async function sendByLink(link: string, signature: string): Promise<void> {
  const answer = await fetch(`${link}/signatures`, { method: 'PUT', body: signature });
  if (!/^counted/.test(await answer.text())) throw new Error(`The signature was answered with ${answer.status}.`);
}

/** MiB: what a process has in memory, and the most that it had. */
export const memory = (pid: number, field: 'VmRSS' | 'VmHWM'): number =>
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
  return withProject(async (instance, world, people, folder) => {
    const [ada, bo, chi] = people as [story.Person, story.Person, story.Person];
    const files = small.map((file) => ({ name: path.basename(file), bytes: new Uint8Array(readFileSync(file)) }));
    const draft = await story.openDraft(bo, project, files);
    const { links } = await world.mailbox.take(ada.address, story.draftMail);
    const link = links.find((one) => new URL(one).pathname.startsWith('/d/')) ?? '';
    const byLink = await timesToSign(ada, draft, (_, signature) => sendByLink(link, signature));
    const onPage = await timesToSign(chi, draft, (page, signature) => story.handIn(chi, page, signature));
    const wheel = path.join(folder, 'sunrise_demo-9.0.0-py3-none-any.whl');
    execFileSync('python3', ['-c', makeLargeWheel, wheel, String(500 * 2 ** 20)]);
    const sent = await upload(instance, bo, wheel);
    const size = Math.round(statSync(wheel).size / 2 ** 20);
    return [
      {
        what: `signature on a 2-file draft, its request answered (median of ${rounds})`,
        figure: `${median(byLink).toFixed(0)} ms`,
        goal: '< 100 ms',
      },
      {
        what: 'the same on the page, with the whole page that comes back',
        figure: `${median(onPage).toFixed(0)} ms`,
        goal: '',
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
