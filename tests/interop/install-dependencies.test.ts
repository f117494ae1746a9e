// `countersign install` of a project that needs another one of the same index, with a real pip: what pip resolves is verified release by release, and where one of
// them does not hold, none of them is installed and the refusal names it.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { installCommand, type InstallOptions } from '#cli/commands/install.ts';
import { pinnedIndexes } from '#cli/trust/store.ts';
import type { ProjectName, Version } from '#lib/core/ids.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { serveIndex } from '#web/serve-index.ts';
import { ask, makeVenv } from '../../scripts/demo/checks.ts';
import { makeZip, metadataText, wheelFiles } from '../support/archives.ts';
import { openClient, type Client } from '../support/client.ts';
import { copyOf, publishForged } from '../support/evil-index.ts';
import {
  addDraft,
  addPolicy,
  ada,
  bo,
  firstPolicy,
  openScene,
  wheel,
  wheelName,
  type Scene,
} from '../support/scene.ts';
import { putTree } from '../support/served-tree.ts';

const sunrise = 'sunrise' as ProjectName;
const sunriseName = 'sunrise-1.0-py3-none-any.whl';
const laterName = 'demo-2.0-py3-none-any.whl';
const sunriseWheel = makeZip(
  wheelFiles({
    files: { 'sunrise/__init__.py': 'import demo\n' },
    info: 'sunrise-1.0.dist-info',
    metadata: metadataText({ name: sunrise, more: 'Requires-Dist: demo>=1.0\n' }),
  }),
);
const demoTwo = makeZip(
  wheelFiles({ info: 'demo-2.0.dist-info', metadata: metadataText({ name: 'demo', version: '2.0' }) }),
);

let scene: Scene;
let folder: string;
let server: Server;
let route: ReturnType<typeof serveIndex>;
let index: string;
let python: string;
let indexKey: string;
let client: Client;

beforeAll(async () => {
  scene = await openScene();
  addPolicy(scene);
  addPolicy(scene, firstPolicy({ project: sunrise }));
  addDraft(scene);
  const files = { [sunriseName]: sunriseWheel };
  addDraft(scene, [ada, bo], { id: 'bbbbbbbbbbbb', statement: { project: sunrise }, files });
  expect((await scene.round()).published).toHaveLength(2);
  folder = mkdtempSync(path.join(tmpdir(), 'countersign-install-test-'));
  await putTree(scene, path.join(folder, 'tree'));
  server = createServer((req, res) => void route(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  index = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  python = await makeVenv(folder);
  indexKey = (await readCertificate(readFileSync(path.join(folder, 'tree/keys/index.asc')), scene.now)).facts.primary;
  vi.useFakeTimers({ toFake: ['Date'], now: scene.now });
});
afterAll(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  scene.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  client = openClient(scene.now);
  route = serveIndex(path.join(folder, 'tree'));
});
afterEach(() => client.close());

const bothOwners = [`sunrise=${ada.key}`, `demo=${ada.key}`];
const install = (more: Partial<InstallOptions> = {}) =>
  installCommand({ releases: ['sunrise==1.0'], index, indexKey, owner: bothOwners, python, ...more }, client);

/** Version of each of the two in the virtual environment. */
async function installed(): Promise<Record<string, string>> {
  const program =
    'import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions() if d.name in ("demo", "sunrise")}))';
  return JSON.parse((await ask(python, ['-c', program], folder)).text) as Record<string, string>;
}

/** Refused, in words that name what is needed; nothing is installed and nothing pinned. */
async function expectRefused(code: string, names: string, more: Partial<InstallOptions> = {}): Promise<void> {
  const said = await install(more);
  expect(said).toMatchObject({ out: '', err: expect.stringContaining(`(${code})`) });
  expect(said.err).toContain(names);
  expect([await installed(), client.picture()]).toEqual([{}, {}]);
}

test('nothing is installed where the people of what it needs are not trusted', async () => {
  await expectRefused('trust.first-contact-project', 'the people of demo', { owner: [`sunrise=${ada.key}`] });
});

test('nothing is installed where what it needs does not meet a demand of the user', async () => {
  mkdirSync(path.join(client.home.config, 'demands'), { recursive: true });
  writeFileSync(path.join(client.home.config, 'demands', 'demo.txt'), '# countersign demand 1\nthreshold: 3\n');
  await expectRefused('demand.threshold', 'demo 1.0');
});

test('nothing is installed where pip would take a release of what it needs that too few people signed', async () => {
  const evil = await copyOf(scene);
  await publishForged(evil, { version: '2.0' as Version, files: { [laterName]: demoTwo }, by: [{ signer: ada }] });
  await putTree(evil, path.join(folder, 'evil'));
  evil.close();
  route = serveIndex(path.join(folder, 'evil'));
  await expectRefused('release.below-threshold', 'demo 2.0 has 1 of 2');
});

test('nothing is installed where the file of what it needs is another one than was signed', async () => {
  const files = path.join(folder, 'tree', 'files');
  const place = readdirSync(files, { recursive: true })
    .map(String)
    .find((name) => path.basename(name) === wheelName);
  const file = path.join(files, place ?? '');
  const signed = readFileSync(file);
  const other = Buffer.from(signed);
  other.writeUInt8(other.readUInt8(200) ^ 1, 200);
  writeFileSync(file, other);
  await expectRefused('install.not-resolved', wheelName);
  writeFileSync(file, signed);
});

test('a release is installed together with what it needs, each of them verified and pinned', async () => {
  const said = await install({ json: true });
  expect(said).toMatchObject({ exit: 0, err: '' });
  const { installed: all } = JSON.parse(said.out) as { installed: { project: string }[] };
  expect(all.sort((a, b) => (a.project < b.project ? -1 : 1))).toEqual([
    { project: 'demo', version: '1.0', files: [{ name: wheelName, sha256: sha256Hex(wheel()) }] },
    { project: 'sunrise', version: '1.0', files: [{ name: sunriseName, sha256: sha256Hex(sunriseWheel) }] },
  ]);
  expect(await installed()).toEqual({ demo: '1.0', sunrise: '1.0' });
  expect(Object.keys(pinnedIndexes(client.home)[0]?.projects ?? {}).sort()).toEqual(['demo', 'sunrise']);
  expect((await ask(python, ['-c', 'import sunrise'], folder)).code).toBe(0);
});

test('without its needs it is installed alone', async () => {
  await ask(python, ['-m', 'pip', 'uninstall', '--yes', 'demo', 'sunrise'], folder);
  expect(await install({ deps: false, owner: [`sunrise=${ada.key}`] })).toMatchObject({ exit: 0, err: '' });
  expect(await installed()).toEqual({ sunrise: '1.0' });
});
