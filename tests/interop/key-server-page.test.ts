// The page that fetches a key, as a person without script uses it, in a running instance that was given a key server (a real one of the test).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeEverybody, makeGnupgPerson } from '../../scripts/demo/gnupg.ts';
import { openMailboxPage } from '../../scripts/demo/mailbox.ts';
import { arrive, type Person } from '../../scripts/demo/story.ts';
import { readableText } from '../../scripts/demo/visitor.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { answering, openKeyServer, type TestKeyServer } from '../support/key-server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cs-interop-'));
const page = '/account/keys/new';

let keyServer: TestKeyServer;
let instance: Instance;
let ada: Person;

async function start(env: Record<string, string>): Promise<Instance> {
  const started = {
    dataFolder: path.join(folder, 'data'),
    port: await freePort(),
    env: { INDEX_NAME: 'here', ...env },
  };
  return startInstance({ ...started, stdio: ['ignore', 'ignore', 'inherit'] });
}

beforeAll(async () => {
  keyServer = await openKeyServer();
  instance = await start({ KEY_SERVERS: `hkp://${keyServer.host}` });
  const mailbox = openMailboxPage(instance.publicUrl, instance.mailboxPath ?? '');
  ada = await arrive({ base: instance.publicUrl, mailbox }, 'ada');
});

afterAll(async () => {
  await closeEverybody();
  await instance?.end();
  await keyServer?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a wrong answer is told by name, and no key is there afterwards', async () => {
  const other = await makeGnupgPerson('Eve <eve@example.org>');
  keyServer.answer = answering(other.certificate);
  const { visitor, gnupg } = ada;
  const answer = await visitor.submit(await visitor.get(page), 'Fetch it', { fingerprint: gnupg.fingerprint });
  for (const part of [`hkp://${keyServer.host}`, gnupg.fingerprint, other.fingerprint])
    expect(readableText(answer.html)).toContain(part);
  expect(readableText((await visitor.get('/account/keys')).html)).toContain('No key yet');
});

test('the key is shown first, and added by a second step', async () => {
  const { visitor, gnupg } = ada;
  keyServer.answer = answering(gnupg.certificate);
  const shown = await visitor.submit(await visitor.get(page), 'Fetch it', { fingerprint: gnupg.fingerprint });
  expect(readableText(shown.html)).toContain('Ada <ada@example.org>');
  expect(readableText((await visitor.get('/account/keys')).html)).toContain('No key yet');
  const added = await visitor.submit(shown, 'Add the fetched key');
  expect(new URL(added.url).pathname).toBe(`/account/keys/${gnupg.fingerprint}`);
  expect(readableText(added.html)).toMatch(/not proven yet/i);
});

test('an instance without key servers does not offer it', async () => {
  await instance.end();
  instance = await start({});
  const { visitor } = ada;
  const moved = (await visitor.get(`${instance.publicUrl}${page}`)).html;
  expect(readableText(moved)).toContain('Add a key');
  expect(readableText(moved)).not.toContain('key server');
});
