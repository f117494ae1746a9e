// A newcomer with nothing but a browser: invited, makes a key in the page, saves what must be saved, proves it, joins, and gives the signature
// that counts. Afterwards no byte of the secret is in what left the browser, and on its disk it lies locked only.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decryptKey, readPrivateKey } from 'openpgp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFingerprintWords } from '#lib/words/fingerprint-words.ts';
import { openBrowser, type Browsing } from '../../scripts/demo/chromium.ts';
import { openSmtpMailbox, type Mailbox } from '../../scripts/demo/mailbox.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { overflowOf, violationsOf } from './accessibility.ts';
import { confirmKey, openPlayer, registerKey, sign, signIn, type Player } from './people.ts';

const project = 'sunrise-demo';
const passphrase = 'lantern river copper owl saddle';
const vectors = path.resolve('tests/vectors/python');
const folder = mkdtempSync(path.join(tmpdir(), 'cs-browser-key-'));

let instance: Instance;
let mailbox: Mailbox & { url: string };
let ada: Player;
let newcomer: Browsing;
let invitation = '';
let backup = '';
let fingerprint = '';

beforeAll(async () => {
  mailbox = await openSmtpMailbox();
  const env = { SMTP_URL: mailbox.url };
  instance = await startInstance({
    ...{ dataFolder: path.join(folder, 'data'), port: await freePort(), env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  ada = await openPlayer({ instance, mailbox }, 'ada');
  newcomer = await openBrowser(instance.publicUrl);
  await prepareProject();
});

afterAll(async () => {
  await ada?.close();
  await ada?.gnupg.close();
  await newcomer?.close();
  await instance?.end();
  await mailbox?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Ada founds the project and invites Nia. */
async function prepareProject() {
  const { page } = ada;
  await signIn({ instance, mailbox }, ada);
  await registerKey(ada);
  await page.goto('/projects/new');
  await page.getByLabel('Name of the project').fill(project);
  await page.getByRole('button', { name: 'Create the project' }).click();
  await page.waitForURL(`**/projects/${project}/policy/1`);
  await sign(ada);
  await page.getByText('These are the rules now.').waitFor();
  await page.goto(`/projects/${project}/people`);
  await page.getByRole('form', { name: 'Invite somebody' }).getByLabel('Mail address').fill('nia@example.org');
  await page.getByRole('button', { name: 'Send the invitation' }).click();
  await page.getByText('nia@example.org').first().waitFor();
}

/** Ada admits whoever accepted, and opens a draft. Answers its address. */
async function admitAndOpenDraft(): Promise<string> {
  const { page } = ada;
  await confirmKey(ada, { name: 'nia', fingerprint }, project);
  await page.getByRole('button', { name: 'Propose policy 2', exact: true }).click();
  await page.waitForURL(`**/projects/${project}/policy/2`);
  await sign(ada);
  await page.getByText('These are the rules now.').waitFor();
  await page.goto(`/projects/${project}/drafts/new`);
  await page.locator('input[type=file]').setInputFiles(path.join(vectors, 'sunrise_demo-1.2.0-py3-none-any.whl'));
  await page.getByRole('list', { name: 'Recognised files' }).waitFor();
  await page.getByRole('button', { name: 'Open the draft' }).click();
  await page.waitForURL(/\/drafts\/[0-9a-f]{12}$/);
  return new URL(page.url()).pathname;
}

async function saved(button: string): Promise<string> {
  const [download] = await Promise.all([
    newcomer.page.waitForEvent('download'),
    newcomer.page.getByRole('button', { name: button }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^countersign-(?:backup|revocation)-[0-9A-F]{40}\.asc$/);
  return readFileSync(await download.path(), 'utf8');
}

const signHere = async (button: RegExp, words = passphrase) => {
  const panel = newcomer.page.getByRole('tabpanel', { name: 'In this browser' });
  await panel.getByRole('radio', { name: /^In this browser: / }).waitFor();
  await panel.getByLabel('Passphrase of the key').fill(words);
  await panel.getByRole('button', { name: button }).click();
};

describe('from an invitation to a counted signature with nothing but a browser', () => {
  it('makes no key from a passphrase that is short or not the same twice', async () => {
    const { page } = newcomer;
    const { links } = await mailbox.take('nia@example.org', /invit/i);
    invitation = links.find((link) => link.includes('/invitations/')) ?? '';
    await page.goto('/sign-in');
    await page.getByLabel('Mail address').fill('nia@example.org');
    await page.getByRole('button', { name: 'Send me the link' }).click();
    const mail = await mailbox.take('nia@example.org', /sign in/i);
    await page.goto(mail.links.find((link) => link.includes('/sign-in/')) ?? '');
    await page.getByLabel('Account name').fill('nia');
    await page.getByRole('button', { name: 'Create the account and sign in' }).click();
    await page.waitForURL(`${instance.publicUrl}/`);
    await page.goto(invitation);
    await page.getByRole('link', { name: 'Add and prove a key' }).click();
    await page.getByRole('link', { name: 'Make one in this browser' }).click();
    for (const [first, second, says] of [
      ['short', 'short', /12 characters/],
      [passphrase, `${passphrase}s`, /the same twice/],
    ] as const) {
      await page.getByLabel('Passphrase', { exact: true }).fill(first);
      await page.getByLabel('The passphrase again').fill(second);
      await page.getByRole('button', { name: 'Make the key' }).click();
      await page.getByRole('alert').filter({ hasText: says }).waitFor();
      expect(await page.getByLabel('Passphrase', { exact: true }).inputValue()).toBe('');
    }
  });

  it('makes a key, and registers it only once both files were saved', async () => {
    const { page } = newcomer;
    await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
    await page.getByText('Strong.').waitFor();
    await page.getByLabel('The passphrase again').fill(passphrase);
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByRole('heading', { name: 'Your key is made. Save two files.' }).waitFor();
    for (const look of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: look });
      expect(await violationsOf(page)).toEqual([]);
    }
    await page.setViewportSize({ width: 320, height: 900 });
    expect(await overflowOf(page)).toBe(0);
    await page.setViewportSize({ width: 1200, height: 900 });
    const kit = page.getByRole('region', { name: 'The kit' });
    const words = await kit
      .getByRole('list', { name: 'The fingerprint in words' })
      .getByRole('listitem')
      .allInnerTexts();
    const digits = (await kit.innerText()).match(/(?:[0-9A-F]{4}\s+){9}[0-9A-F]{4}/)?.[0].replace(/\s/g, '') ?? '';
    expect(readFingerprintWords(words.join(' '))).toBe(digits);
    const register = page.getByRole('button', { name: 'Register this key' });
    await register.click({ force: true });
    backup = await saved('Save the backup file');
    // A reload now would take the key away: the browser asks, and Nia stays.
    const asked = page.waitForEvent('dialog');
    void page.reload().catch(() => undefined);
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
    await register.click({ force: true });
    expect(new URL(page.url()).pathname).toBe('/account/keys/new/make');
    expect(await saved('Save the revocation certificate')).toContain('BEGIN PGP PUBLIC KEY BLOCK');
    await register.click();
    await page.waitForURL(/\/account\/keys\/[0-9A-F]{40}$/);
    fingerprint = page.url().slice(-40);
  });

  it('proves it with the key that the browser keeps, locked', async () => {
    await signHere(/^Prove/, 'not these words at all');
    await newcomer.page
      .getByRole('alert')
      .filter({ hasText: /passphrase/i })
      .waitFor();
    await signHere(/^Prove/);
    await newcomer.page.getByText('Proven. It can sign').waitFor();
    await newcomer.page.getByText('If you were invited, open the link in that mail again').waitFor();
    await newcomer.page.getByRole('heading', { name: 'Kept in this browser' }).waitFor();
  });

  it('joins, and gives the signature that counts', async () => {
    const { page } = newcomer;
    await page.goto(invitation);
    await page.getByRole('button', { name: `Accept and join ${project}` }).click();
    await page.waitForURL((url) => !url.pathname.startsWith('/invitations/'));
    await page.goto(await admitAndOpenDraft());
    await page.getByRole('checkbox', { name: /Sign the files themselves as well/ }).check();
    await signHere(/^Sign/);
    await page.getByText('You signed this revision.').waitFor();
    // The statement, and the one file.
    const results = page.getByRole('group', { name: 'What came of your signatures' }).getByRole('status');
    expect(await results.count()).toBe(2);
    await page.getByText('1 of 2 signed').waitFor();
  });

  it('left with the passphrase nowhere, and with the secret only locked in the browser and in the backup', async () => {
    expect([...newcomer.complaints, ...ada.complaints]).toEqual([]);
    const traffic = newcomer.sent.join('\n');
    const profile = await newcomer.closeAndReadProfile();
    const locked = await readPrivateKey({ armoredKey: backup });
    expect(locked.getFingerprint().toUpperCase()).toBe(fingerprint);
    const open = await decryptKey({ privateKey: locked, passphrase });
    const { seed } = Reflect.get(open.keyPacket, 'privateParams') as { seed: Uint8Array };
    const secrets = [
      ...[passphrase, encodeURIComponent(passphrase)].flatMap((text) => [
        Buffer.from(text),
        Buffer.from(text, 'utf16le'),
      ]),
      ...[
        Buffer.from(seed),
        Buffer.from(Buffer.from(seed).toString('hex')),
        Buffer.from(Buffer.from(seed).toString('base64')),
      ],
    ];
    expect(seed.length).toBe(32);
    for (const secret of secrets) {
      expect(profile.includes(secret)).toBe(false);
      expect(traffic.includes(secret.toString('latin1'))).toBe(false);
    }
    // The locked key itself never left either; it lies in the browser's own database.
    const line = backup.split('\n').find((part) => /^[A-Za-z0-9+/]{60,}$/.test(part)) ?? '-';
    expect(traffic).not.toContain(line);
    expect(profile.includes(Buffer.from(line))).toBe(true);
  });
});
