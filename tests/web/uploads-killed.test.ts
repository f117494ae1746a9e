// A large file on its way to a real process that is killed with SIGKILL: in the middle of a request, and between storing the file and saying so. The client
// of the command line goes on by itself, also a new one: nothing of what came is lost, and nothing is half done.
import { fork, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFileName, readProjectName } from '#lib/core/ids.ts';
import { openApi } from '#cli/index/ask-api.ts';
import { sendLargeFiles } from '#cli/sign/send-large.ts';
import { freePort } from '../../scripts/instance.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'cs-killed-'));
const data = path.join(folder, 'data');
const mebibyte = 1024 ** 2;
let port: number;
let made: { project: string; token: string };
let running: ChildProcess;

async function start(hold = ''): Promise<void> {
  const env: NodeJS.ProcessEnv = {
    ...{ NODE_ENV: 'test', PATH: process.env['PATH'], DATA_DIR: data, PORT: String(port), HOLD: hold },
    PUBLIC_URL: 'https://sign.example.org',
  };
  const file = path.join(import.meta.dirname, '..', 'support', 'upload-process.ts');
  running = fork(file, { execArgv: ['--import', 'tsx'], env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  [made] = (await once(running, 'message')) as [typeof made];
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
const kill = (): Promise<void> => {
  running.kill('SIGKILL');
  return ended(running);
};

beforeAll(async () => {
  port = await freePort();
  await start();
});
afterAll(async () => {
  await kill();
  rmSync(folder, { recursive: true, force: true });
});

const makeFile = (version: string) => {
  const name = readFileName(`sunrise-${version}-py3-none-any.whl`);
  const place = path.join(folder, name);
  const bytes = randomBytes(24 * mebibyte);
  writeFileSync(place, bytes);
  return { name, path: place, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
};
type Made = ReturnType<typeof makeFile>;

const api = () => openApi(`http://127.0.0.1:${port}/`, made.token);
const send = async (file: Made, tell: (line: string) => void = () => undefined) =>
  sendLargeFiles(api(), readProjectName(made.project), [file], tell);
const stored = ({ sha256 }: Made): Buffer =>
  readFileSync(path.join(data, 'files', sha256.slice(0, 2), sha256.slice(2, 4), sha256));
const known = async (file: Made) => {
  const { uploads } = await api().get(`projects/${made.project}/uploads`);
  return (uploads as { name: string; offset: number; isComplete: boolean }[]).find(({ name }) => name === file.name);
};

it('killed while it takes a file, it goes on with what came, and so does the client', async () => {
  const file = makeFile('1.0.0');
  let isKilled = false;
  const told: string[] = [];
  const sending = send(file, (line) => {
    told.push(line);
    if (isKilled || !line.includes('70 %')) return;
    isKilled = true;
    void kill().then(() => start());
  });
  expect(await sending).toMatchObject({ sent: [expect.any(String)], left: [] });
  expect(isKilled).toBe(true);
  expect(stored(file).equals(file.bytes)).toBe(true);
  expect(await known(file)).toMatchObject({ isComplete: true, offset: file.bytes.length });
});

it.each(['upload.in-store', 'upload.stored'])(
  'killed at %s, it is completed by a client that starts anew',
  async (point) => {
    const file = makeFile(`2.0.${point.length}`);
    await kill();
    await start(point);
    const first = send(file);
    await ended(running);
    await start();
    // The first client goes on by itself, and a second one as well: it is one upload.
    const [{ sent }, again] = [await first, await send(file)];
    expect(again.sent).toEqual(sent);
    expect(stored(file).equals(file.bytes)).toBe(true);
    expect(await known(file)).toMatchObject({ isComplete: true });
  },
);
