// GnuPG with its own network program (dirmngr) asks this instance for keys, as people do: --recv-keys, --search-keys, --refresh-keys over HKP,
// and the files of VKS, WKD and a project's key ring are imported whole. And the other way: our client of key servers asks a real one, ours.
import { execFileSync, spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { revokeKey } from 'openpgp';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addKey } from '#lib/server/commands/add-key.ts';
import { readConfig } from '#lib/server/config.ts';
import { askKeyServer } from '#lib/server/key-servers/ask-key-server.ts';
import { readKeyServer } from '#lib/server/key-servers/key-server.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import { wkdHash } from '#lib/server/queries/key-directory.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { ownRoutes } from '#web/routes.ts';
import { answerWith } from '#web/server.ts';
import { ask, type Said } from '../../scripts/demo/checks.ts';
import {
  changePolicy,
  inviteAndAccept,
  makePerson,
  makeProject,
  signBytes,
  type TestPerson,
} from '../support/story.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cs-keys-'));
let runtime: Runtime;
let server: Server;
let host: string;
let ada: TestPerson;
let bo: TestPerson;
let home: string;

beforeAll(async () => {
  const config = readConfig({ DATA_DIR: path.join(folder, 'data') });
  runtime = await openRuntime(config);
  [ada, bo] = [await makePerson('ada'), await makePerson('bo')];
  await makeProject(ada, 'sunrise');
  await changePolicy(ada, { project: 'sunrise', admit: [await inviteAndAccept(ada, 'sunrise', bo)] }, ada);
  const { publicUrl, port } = config;
  const settings = {
    ...{ publicUrl, port, host: '127.0.0.1', dev: false, programFolder: folder, routes: ownRoutes() },
    ...{ indexFolder: path.join(folder, 'index'), assetsFolder: path.join(folder, 'assets') },
  };
  server = createServer(answerWith(settings, async (_, res) => void res.writeHead(299).end()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

// A new, empty home each time; its programs end with it.
beforeEach(() => {
  home = mkdtempSync(path.join(folder, 'gpg-'));
  writeFileSync(path.join(home, 'dirmngr.conf'), 'standard-resolver\nno-use-tor\n');
  return () => void spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
});

/** Runs gpg beside our own server, so without blocking this process. */
function gpg(...args: string[]): Promise<Said> {
  const fixed = ['--homedir', home, '--batch', '--no-tty', '--status-fd', '1', '--keyserver', `hkp://${host}`];
  return ask('gpg', [...fixed, ...args], folder);
}

const fingerprints = async (): Promise<string[]> => {
  const { text } = await gpg('--with-colons', '--list-keys');
  return [...text.matchAll(/^pub:.*\n(?:fpr|rvs)(?::[^:]*){8}:([0-9A-F]{40}):/gm)].map((found) => found[1] ?? '');
};

const fetchFile = async (address: string): Promise<string> => {
  const file = path.join(home, 'fetched');
  const answer = await fetch(`http://${host}${address}`);
  expect(answer.status).toBe(200);
  writeFileSync(file, new Uint8Array(await answer.arrayBuffer()));
  return file;
};

test('gpg --recv-keys gets a key by its full fingerprint, and what it signs is verified with it', async () => {
  expect(await gpg('--recv-keys', ada.key.fingerprint)).toMatchObject({ code: 0 });
  expect(await fingerprints()).toEqual([ada.key.fingerprint]);
  const [file, signature] = [path.join(home, 'file'), path.join(home, 'file.sig')];
  const bytes = Buffer.from('what people sign\n');
  writeFileSync(file, bytes);
  writeFileSync(signature, await signBytes(ada.key, bytes));
  const said = await gpg('--verify', signature, file);
  expect(said.text).toMatch(new RegExp(`VALIDSIG .* ${ada.key.fingerprint}$`, 'm'));
});

test('gpg --recv-keys gets a key by the fingerprint of its signing subkey, and by its 64-bit id', async () => {
  const subkey = bo.key.private.getSubkeys()[0]?.getFingerprint().toUpperCase() ?? '';
  for (const asked of [subkey, bo.key.fingerprint.slice(-16)]) {
    const said = await gpg('--recv-keys', asked);
    expect(said).toMatchObject({ code: 0 });
  }
  expect(await fingerprints()).toEqual([bo.key.fingerprint]);
});

test('gpg says that there is no such key where there is none', async () => {
  const said = await gpg('--recv-keys', 'A'.repeat(40));
  expect(said.code).toBe(2);
  expect(said.text).toMatch(/No data|not found/i);
});

test('gpg --search-keys reads the machine-readable list', async () => {
  const said = await gpg('--with-colons', '--search-keys', `0x${ada.key.fingerprint}`);
  expect(said.text).toContain(`pub:${ada.key.fingerprint}:22:256:`);
  expect(said.text).toContain('ada <ada@example.org>');
});

test('gpg imports the key ring of the project whole', async () => {
  await gpg('--import', await fetchFile('/projects/sunrise/keyring.asc'));
  expect((await fingerprints()).sort()).toEqual([ada.key.fingerprint, bo.key.fingerprint].sort());
});

test('sqv takes the same file as its key ring', async () => {
  const ring = await fetchFile('/projects/sunrise/keyring.asc');
  const bytes = Buffer.from('what people sign\n');
  const [file, signature] = [path.join(home, 'file'), path.join(home, 'file.sig')];
  writeFileSync(file, bytes);
  for (const { key } of [ada, bo]) {
    writeFileSync(signature, await signBytes(key, bytes));
    const said = execFileSync('sqv', ['--keyring', ring, signature, file], { encoding: 'utf8' });
    expect(said.trim()).toBe(key.fingerprint);
  }
});

test('gpg imports what VKS and WKD give, and names a mailbox in a directory as we do', async () => {
  await gpg('--import', await fetchFile(`/vks/v1/by-fingerprint/${bo.key.fingerprint}`));
  expect(await fingerprints()).toEqual([bo.key.fingerprint]);
  // Debian keeps it beside the parts that gpg starts itself.
  const wks = ['/usr/lib/gnupg/gpg-wks-client', '/usr/bin/gpg-wks-client'].find((place) => existsSync(place));
  const said = execFileSync(wks ?? 'gpg-wks-client', ['--print-wkd-url', 'Ada@example.org'], { encoding: 'utf8' });
  const address = new URL(said.trim());
  expect(address.pathname).toContain(`/hu/${wkdHash('Ada')}`);
  await gpg('--import', await fetchFile(address.pathname + address.search));
  expect((await fingerprints()).sort()).toEqual([ada.key.fingerprint, bo.key.fingerprint].sort());
});

test('our own client of key servers gets the key from here, in both protocols', async () => {
  for (const name of [`hkp://${host}`, `http://${host}`]) {
    const keyServer = readKeyServer(name);
    if (keyServer === null) throw new Error(`${name} is no key server`);
    const answer = await askKeyServer(keyServer, { key: ada.key.fingerprint, at: Date.now() });
    expect(answer).toMatchObject({ kind: 'found', certificate: { facts: { primary: ada.key.fingerprint } } });
  }
});

// The last one: Bo's key is of no use afterwards.
test('gpg --refresh-keys learns of a revocation', async () => {
  await gpg('--recv-keys', bo.key.fingerprint);
  const { publicKey } = await revokeKey({ key: bo.key.private, format: 'object' });
  await addKey(bo.actor, { certificate: publicKey.write() });
  await gpg('--refresh-keys');
  expect((await gpg('--with-colons', '--list-keys')).text).toMatch(/^pub:r:/m);
});
