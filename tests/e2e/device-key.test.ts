// A key of the browser in Chromium, from making it to a signature that counts: made and kept here, proven with one click, named by a policy, and
// ended. The secret is in nothing that is sent. Ada is alone in her project, so that the story is short; the counting is tested elsewhere.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSmtpMailbox, type Mailbox } from '../../scripts/demo/mailbox.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { overflowOf, violationsOf } from './accessibility.ts';
import { openPlayer, registerKey, sign, signIn, type Player } from './people.ts';

const project = 'sunrise-demo';
const wheel = 'sunrise_demo-1.2.0-py3-none-any.whl';
const vectors = path.resolve('tests/vectors/python');
const folder = mkdtempSync(path.join(tmpdir(), 'cs-e2e-device-'));

let instance: Instance;
let mailbox: Mailbox & { url: string };
let ada: Player;
let keyPage = '';
let draft = '';

beforeAll(async () => {
  mailbox = await openSmtpMailbox();
  instance = await startInstance({
    dataFolder: path.join(folder, 'data'),
    port: await freePort(),
    env: { SMTP_URL: mailbox.url },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  ada = await openPlayer({ instance, mailbox }, 'ada');
  await signIn({ instance, mailbox }, ada);
});

afterAll(async () => {
  await ada?.close();
  await ada?.gnupg.close();
  await instance?.end();
  await mailbox?.close();
  rmSync(folder, { recursive: true, force: true });
});

const panel = () => ada.page.getByRole('tabpanel', { name: 'In this browser' });
const ownKey = () => panel().getByRole('radio', { name: /This browser’s own key: ada/ });

const checked = () => ada.page.getByRole('list', { name: /^What came of checking/ }).getByRole('listitem');

async function signByOwnKey(): Promise<void> {
  await ada.page.getByRole('tab', { name: 'In this browser' }).click();
  await ownKey().check();
  expect(await panel().getByLabel('Passphrase of the key').count()).toBe(0);
  await panel()
    .getByRole('button', { name: /^(?:Sign|Prove)/ })
    .click();
}

async function requireSound(): Promise<void> {
  expect(await violationsOf(ada.page)).toEqual([]);
  for (const width of [320, 1200]) {
    await ada.page.setViewportSize({ width, height: 900 });
    expect(await overflowOf(ada.page)).toBe(0);
  }
}

describe('a key of this browser', () => {
  it('says what it gives and what not, and is made, kept and added with one button', async () => {
    const { page } = ada;
    await page.goto('/account/keys/new');
    await page.getByRole('link', { name: 'A key of this browser' }).click();
    await page.getByText('No script can take the key away').waitFor();
    await page.getByText('It lies in your browser profile on the disk').waitFor();
    await page.getByText('the key is gone for good').waitFor();
    await requireSound();
    await page.getByLabel('Name of the key').fill('ada (Chromium in a test)');
    await page.getByRole('button', { name: 'Make the key and add it' }).click();
    await page.waitForURL(/\/account\/keys\/[0-9A-F]{40}$/);
    keyPage = new URL(page.url()).pathname;
    await page.getByRole('heading', { name: 'ada (Chromium in a test)' }).waitFor();
    await page.getByRole('heading', { name: 'This key lives in this browser' }).waitFor();
  });

  it('cannot be read by a script of the page', async () => {
    const said = await ada.page.evaluate(async () => {
      const db = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('countersign-device-keys');
        request.onsuccess = () => resolve(request.result);
      });
      const [stored] = await new Promise<{ privateKey: CryptoKey }[]>((resolve) => {
        const request = db.transaction('keys').objectStore('keys').getAll();
        request.onsuccess = () => resolve(request.result);
      });
      db.close();
      if (!stored) return 'nothing is stored';
      return crypto.subtle.exportKey('pkcs8', stored.privateKey).then(
        () => 'it came out',
        (fault: Error) => fault.name,
      );
    });
    expect(said).toBe('InvalidAccessError');
  });

  it('is proven by signing its phrase, after the page was loaded anew', async () => {
    await ada.page.goto(keyPage);
    await requireSound();
    await signByOwnKey();
    await ada.page.getByText('Proven. It can sign').waitFor();
  });

  it('is named by a policy that those sign who could sign before', async () => {
    const { page } = ada;
    await registerKey(ada);
    await page.goto('/projects/new');
    await page.getByLabel('Name of the project').fill(project);
    await page.getByRole('radio', { name: /ada@example\.org/ }).check();
    await page.getByRole('button', { name: 'Create the project' }).click();
    await page.waitForURL(`**/projects/${project}/policy/1`);
    await sign(ada);
    await page.getByText('These are the rules now.').waitFor();
    await page.goto(`/projects/${project}/people`);
    await page.getByRole('checkbox', { name: /ada \(Chromium in a test\)/ }).check();
    await requireSound();
    await page.getByRole('button', { name: 'Propose policy 2 with these keys' }).click();
    await page.waitForURL(`**/projects/${project}/policy/2`);
    await page.getByText('Somebody could sign with another key.').waitFor();
    await sign(ada);
    await page.getByText('These are the rules now.').waitFor();
  });

  it('opens a draft, whose files the browser downloads and finds to be those of the statement', async () => {
    const { page } = ada;
    await page.goto(`/projects/${project}/drafts/new`);
    await page.locator('input[type=file]').first().setInputFiles(path.join(vectors, wheel));
    await page.getByRole('button', { name: 'Open the draft' }).click();
    await page.waitForURL(/\/drafts\/[0-9a-f]{12}$/);
    draft = new URL(page.url()).pathname;
    await page.getByRole('button', { name: 'Download the draft’s files and check them' }).click();
    await page.getByText('Match: the draft’s files are those that the statement binds.').waitFor();
    expect(await checked().allInnerTexts()).toEqual([expect.stringContaining('The same')]);
  });

  it('names a build that differs, with the differing groups, and what is missing or too many', async () => {
    const { page } = ada;
    const sent = ada.sent.length;
    const own = { name: wheel, mimeType: 'application/zip', buffer: Buffer.from('another content') };
    const more = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') };
    await page.getByLabel('Your own build').setInputFiles([own, more]);
    await page.getByText('1 of the files of this release is not the same.').waitFor();
    const said = (await checked().allInnerTexts()).join('\n');
    expect(said).toContain('Another content than the statement binds');
    expect(said).toMatch(/Computed here \(1[0-6] of 16 groups differ\)/);
    expect(said).toContain('Not part of this release; nothing is signed about it');
    expect(await page.locator('mark').count()).toBeGreaterThan(10);
    await page.getByLabel('Your own build').setInputFiles([more]);
    await page.getByText('Missing: it was not among what you gave').waitFor();
    const dist = path.join(folder, 'dist');
    mkdirSync(path.join(dist, 'old'), { recursive: true });
    copyFileSync(path.join(vectors, wheel), path.join(dist, 'old', wheel));
    await page.getByLabel('Or a folder').setInputFiles(dist);
    await page.getByText('Match: your own files are those that the statement binds.').waitFor();
    await requireSound();
    expect(ada.sent.slice(sent).filter((entry) => entry.includes('another content'))).toEqual([]);
  });

  it('says how far it is, and stops where the reader says so: nothing is compared, signed or sent', async () => {
    const { page } = ada;
    await page.route(`**/${wheel}`, () => undefined); // never answered
    await page.getByRole('button', { name: 'Download the draft’s files and check them' }).click();
    await page.getByText('0 %, 0 bytes of').waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('0 %, 0 bytes of').waitFor({ state: 'detached' });
    expect(await checked().count()).toBe(0);
    await page.getByRole('checkbox', { name: /Sign the files themselves as well/ }).check();
    await signByOwnKey();
    await page.getByText(`Hashing ${wheel}`).waitFor();
    await requireSound();
    await page.getByRole('button', { name: 'Stop, sign nothing' }).click();
    await page.getByRole('alert').filter({ hasText: 'Nothing was signed and nothing was sent' }).waitFor();
    await page.unroute(`**/${wheel}`);
  });

  it('signs the draft, and its files as well, and the signatures count', async () => {
    const { page } = ada;
    await page.getByRole('checkbox', { name: /Sign the files themselves as well/ }).check();
    await signByOwnKey();
    await page
      .getByText(/signature counts|counts/i)
      .first()
      .waitFor();
    await page.getByText('You signed this revision.').waitFor();
    expect(await page.getByRole('group', { name: 'What came of your signatures' }).getByRole('status').count()).toBe(2);
    expect(keyPage).toContain((await page.locator('main').innerText()).match(/[0-9A-F]{40}/)?.[0] ?? '');
  });

  it('says itself that it is over, without a passphrase', async () => {
    const { page } = ada;
    await page.goto(keyPage);
    await page.getByText('Revoke it', { exact: true }).click();
    const end = page.locator('details', { has: page.getByText('Revoke it', { exact: true }) });
    await end.getByRole('radio', { name: /This browser’s own key: ada/ }).check();
    expect(await end.getByLabel('Passphrase of the key').count()).toBe(0);
    await end.getByRole('button', { name: 'Revoke this key for good' }).click();
    await page.getByText('This key is revoked.').waitFor();
  });

  it('is gone from the browser by one click, and nothing offers it any more', async () => {
    const { page } = ada;
    await page.goto(keyPage);
    await page.getByRole('button', { name: 'End this key in this browser' }).click();
    await page.getByText('The key is gone from this browser.').waitFor();
    await requireSound();
    await page.goto(keyPage);
    await page.getByText('Revoked: nothing new by it is accepted.').waitFor();
    expect(await page.getByRole('heading', { name: 'This key lives in this browser' }).count()).toBe(0);
    expect(draft).not.toBe('');
  });

  it('is not offered by a browser that cannot make it, which says so and names the other way', async () => {
    const page = await ada.context.newPage();
    await page.addInitScript(() => {
      const refuse = () => Promise.reject(new DOMException('none', 'NotSupportedError'));
      Object.defineProperty(SubtleCrypto.prototype, 'generateKey', { value: refuse });
    });
    for (const address of ['/account/keys/new', '/account/keys/new/device']) {
      await page.goto(address);
      await page.getByText('Not in this browser: it has no Ed25519').waitFor();
      expect(await page.getByRole('link', { name: 'A key of this browser', exact: true }).count()).toBe(0);
      expect(await page.getByRole('button', { name: 'Make the key and add it' }).count()).toBe(0);
      expect(await violationsOf(page)).toEqual([]);
    }
    await page.getByRole('link', { name: 'Make a key with a passphrase' }).click();
    await page.getByRole('button', { name: 'Make the key' }).waitFor();
    await page.close();
  });

  it('left no complaint of the page’s policy behind', () => {
    expect(ada.complaints).toEqual([]);
  });
});
