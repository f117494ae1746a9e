// `countersign install` with a real pip in a virtual environment of its own, from the tree of the real countersigner over HTTP: what is installed is what was
// verified, and nothing is where something does not hold.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { installCommand } from '#cli/commands/install.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { serveIndex } from '#web/serve-index.ts';
import { ask, makeVenv } from '../../scripts/demo/checks.ts';
import { openClient, type Client } from '../support/client.ts';
import { putTree } from '../support/served-tree.ts';
import { ada, wheelName, type Scene } from '../support/scene.ts';
import { openOneRelease, publishLater } from '../support/two-releases.ts';

let scene: Scene;
let folder: string;
let server: Server;
let client: Client;
let index: string;
let python: string;
let indexKey: string;

beforeAll(async () => {
  scene = await openOneRelease();
  await publishLater(scene);
  folder = mkdtempSync(path.join(tmpdir(), 'countersign-install-test-'));
  await putTree(scene, path.join(folder, 'tree'));
  const route = serveIndex(path.join(folder, 'tree'));
  server = createServer((req, res) => void route(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  index = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  python = await makeVenv(folder);
  client = openClient(scene.now);
  indexKey = (await readCertificate(readFileSync(path.join(folder, 'tree/keys/index.asc')), scene.now)).facts.primary;
  vi.useFakeTimers({ toFake: ['Date'], now: scene.now });
});
afterAll(async () => {
  vi.useRealTimers();
  client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  scene.close();
  rmSync(folder, { recursive: true });
});

const given = () => ({ index, indexKey, owner: [`demo=${ada.key}`], python });
const installed = async (): Promise<string> =>
  (await ask(python, ['-c', 'import importlib.metadata as m; print(m.version("demo"))'], folder)).text.trim();
const codeOf = ({ err }: { err: string }): string | undefined => /\(([a-z.-]+)\)\n$/.exec(err)?.[1];

test('nothing is installed by a client that has met nobody', async () => {
  const said = await installCommand({ releases: ['demo==1.0'], index, python }, client);
  expect([said.exit, codeOf(said)]).toEqual([4, 'trust.first-contact']);
  expect(await installed()).toMatch(/PackageNotFoundError/);
});

test('nothing is installed where the file that pip would take is another one than was signed', async () => {
  const files = path.join(folder, 'tree', 'files');
  const place =
    readdirSync(files, { recursive: true })
      .map(String)
      .find((name) => path.basename(name) === wheelName) ?? '';
  const signed = readFileSync(path.join(files, place));
  const other = Buffer.from(signed);
  other.writeUInt8(other.readUInt8(200) ^ 1, 200);
  writeFileSync(path.join(files, place), other);
  expect(await installCommand({ ...given(), releases: ['demo==1.0'] }, client)).toMatchObject({ out: '' });
  expect(await installed()).toMatch(/PackageNotFoundError/);
  expect(client.picture()).toEqual({});
  writeFileSync(path.join(files, place), signed);
});

test('the release is installed that was asked for, and then another one', async () => {
  const said = await installCommand({ ...given(), releases: ['Demo==1.0'] }, client);
  expect(said).toMatchObject({ exit: 0, err: '' });
  expect(said.out).toContain(wheelName);
  expect(await installed()).toBe('1.0');
  expect((await installCommand({ releases: ['demo==1.0'], python }, client)).out).toMatch(/installed already/);
  expect(await installCommand({ releases: ['demo==2.0'], python, json: true }, client)).toMatchObject({ exit: 0 });
  expect(await installed()).toBe('2.0');
});

test('what pip cannot find or use is said in one sentence, with the words of pip', async () => {
  const missing = await installCommand({ releases: ['nothing-here==1.0'], python }, client);
  expect([missing.exit, codeOf(missing)]).toEqual([1, 'install.not-resolved']);
  expect(missing.err).toContain('nothing-here');
  const none = await installCommand({ releases: ['demo==1.0'], python: path.join(folder, 'no-python') }, client);
  expect([none.exit, codeOf(none)]).toEqual([2, 'install.no-python']);
});
