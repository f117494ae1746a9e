// A key that signed a release is revoked by its own tool as one that somebody else may have. The release leaves the index by itself: pip no longer
// finds it, our command line says why; then another maintainer signs it again and both find it. People act through forms that need no
// script, with real GnuPG keys. The steps build on each other.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pipDownload, verifyRelease, type Said } from '../../scripts/demo/checks.ts';
import { openMailboxPage } from '../../scripts/demo/mailbox.ts';
import * as story from '../../scripts/demo/story.ts';
import { readableText } from '../../scripts/demo/visitor.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';

const project = 'sunrise-demo';
const wheel = 'sunrise_demo-1.2.0-py3-none-any.whl';
const folder = mkdtempSync(path.join(tmpdir(), 'cs-e2e-'));
const reason = '1 of 2 signatures count: the key of bo was revoked as compromised.';
const wayBack = 'To bring it back, 1 more person must sign its statement: chi.';

let instance: Instance;
let world: story.World;
let [ada, bo, chi] = [] as unknown as [story.Person, story.Person, story.Person];
let release = '';

const verify = (): Promise<Said> => verifyRelease(instance.publicUrl, `${project}==1.2.0`, folder);
const pip = async (): Promise<number> => (await pipDownload(instance.publicUrl, project, folder, 'wheel')).code;
const textOf = async (person: story.Person, address: string): Promise<string> =>
  readableText((await person.visitor.get(address)).html);

beforeAll(async () => {
  instance = await startInstance({
    dataFolder: path.join(folder, 'data'),
    port: await freePort(),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  world = { base: instance.publicUrl, mailbox: openMailboxPage(instance.publicUrl, instance.mailboxPath ?? '') };
  ada = await story.arrive(world, 'ada');
  bo = await story.arrive(world, 'bo');
  chi = await story.arrive(world, 'chi');
  for (const person of [ada, bo, chi]) await story.registerKey(person);
  await story.foundProject(ada, project, 2);
  for (const guest of [bo, chi]) await story.invite(world, ada, guest, project);
  await story.admitAll(ada, project, 2);
  const bytes = new Uint8Array(readFileSync(path.resolve('tests/vectors/python', wheel)));
  release = await story.openDraft(ada, project, [{ name: wheel, bytes }]);
  await story.signOn(ada, release);
  await story.signOn(bo, release);
  await story.waitForDraft(ada, release, /Published on/);
}, 400_000);

afterAll(async () => {
  for (const person of [ada, bo, chi]) await person?.gnupg.close();
  await instance?.end();
  rmSync(folder, { recursive: true, force: true });
});

it('a release that two people signed is found by pip and accepted by our command line', async () => {
  expect(await pip()).toBe(0);
  const said = await verify();
  expect(said.code, said.text).toBe(0);
});

it('the revocation certificate that GnuPG made takes it out of the index: pip no longer finds it, and every place says why', async () => {
  const key = await bo.visitor.get(`/account/keys/${bo.gnupg.fingerprint}`);
  await bo.visitor.submit(key, 'Merge this copy', { pasted: await bo.gnupg.revocation() });
  await story.waitForDraft(ada, release, /Quarantined/);
  // What is served may be a second old (docs/decisions/010).
  await expect.poll(async () => (await verify()).text, { timeout: 10_000 }).toContain(reason);
  const said = await verify();
  expect([said.code, said.text]).toEqual([1, expect.stringContaining(reason)]);
  expect(said.text).toContain(wayBack);
  expect(await pip()).not.toBe(0);
  for (const says of [reason, wayBack]) {
    expect(await textOf(ada, release)).toContain(says);
    expect(await textOf(chi, `/projects/${project}`)).toContain(says);
  }
});

it('everybody hears of it by mail, and whoever can sign it is asked', async () => {
  for (const person of [ada, bo, chi]) {
    const { text } = await world.mailbox.take(person.address, /1\.2\.0 is quarantined/);
    expect(text.replace(/\s+/g, ' ')).toContain(`${reason} `);
    expect(text.includes('You are one of those who can sign it')).toBe(person === chi);
  }
});

it('a signature with the revoked key brings nothing back', async () => {
  await story.signOn(bo, release).catch(() => undefined); // the page may not even offer it
  const said = await verify();
  expect([said.code, said.text]).toEqual([1, expect.stringContaining(reason)]);
});

it('signed again by another maintainer it is back: pip finds it and our command line counts both', async () => {
  await story.signOn(chi, release);
  await story.waitForDraft(ada, release, /Published on/);
  await expect.poll(pip, { timeout: 60_000, interval: 500 }).toBe(0);
  await expect.poll(async () => (await verify()).code, { timeout: 10_000 }).toBe(0);
  const said = await verify();
  expect(said.code, said.text).toBe(0);
  expect(said.text).toMatch(/signed by +ada/);
  expect(said.text).toMatch(/signed by +chi/);
});
