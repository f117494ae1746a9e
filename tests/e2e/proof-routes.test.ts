// The four routes by which a key is proven, in Chromium against an instance of its own: two in Ada's browser, two by Chi, whose browser runs no
// script. Mail is read on the local mailbox page. Each route ends with "proven", and no byte of a private key leaves the browser.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { makeGnupgPerson, type GnupgPerson } from '../../scripts/demo/gnupg.ts';
import { openMailboxPage } from '../../scripts/demo/mailbox.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { overflowOf, violationsOf } from './accessibility.ts';
import { openPlayer, sign, signIn, type Player, type Stage } from './people.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cs-e2e-'));
const pictures = process.env['PICTURES'];
const fileName = 'countersign-challenge.asc';

let instance: Instance;
let [ada, chi] = [] as unknown as [Player, Player];
const keys: GnupgPerson[] = [];

beforeAll(async () => {
  instance = await startInstance({
    ...{ dataFolder: path.join(folder, 'data'), port: await freePort(), countersigner: false },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stage: Stage = { instance, mailbox: openMailboxPage(instance.address, instance.mailboxPath ?? '') };
  ada = await openPlayer(stage, 'ada');
  chi = await openPlayer(stage, 'chi', { javaScriptEnabled: false });
  for (const player of [ada, chi]) await signIn(stage, player);
});

afterAll(async () => {
  for (const player of [ada, chi]) {
    await player?.close();
    await player?.gnupg.close();
  }
  for (const key of keys) await key.close();
  await instance?.end();
  rmSync(folder, { recursive: true, force: true });
});

/** The player with a new key that can open messages, added and not proven; its page is open. */
async function withNewKey(player: Player, what: string): Promise<Player> {
  onTestFailed(async () => {
    mkdirSync('test-results', { recursive: true });
    await player.page.screenshot({ path: `test-results/proof-${player.name}.png`, fullPage: true });
    process.stderr.write(`\n── ${player.page.url()}\n${player.complaints.join('\n')}\n`);
  });
  const gnupg = await makeGnupgPerson(`${player.name} ${what} <${player.name}@example.org>`, { opens: true });
  keys.push(gnupg);
  await addKey(player, gnupg);
  return { ...player, gnupg };
}

async function addKey({ page }: Player, gnupg: GnupgPerson): Promise<void> {
  await page.goto('/account/keys/new');
  await page.getByLabel('Or paste the public key').fill(gnupg.certificate);
  await page.getByRole('button', { name: 'Add this key' }).click();
  await page.waitForURL(`**/account/keys/${gnupg.fingerprint}`);
}

/** Puts the locked key where the browser keeps keys: a key made here that got an encryption subkey later lies there. */
async function keepHere({ page, gnupg }: Player): Promise<void> {
  const key = { fingerprint: gnupg.fingerprint, privateKey: await gnupg.privateKey() };
  await page.evaluate(async (kept) => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('countersign-keys', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('locked-keys', { keyPath: 'fingerprint' });
      request.onsuccess = () => resolve(request.result);
    });
    const transaction = db.transaction('locked-keys', 'readwrite');
    transaction.objectStore('locked-keys').put({ ...kept, userId: 'ada kept', storedAt: 0 });
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    db.close();
  }, key);
  await page.reload();
}

const isProven = ({ page }: Player) => page.getByText('Proven. It can sign').waitFor();

async function askForMessage({ page }: Player): Promise<void> {
  await page.getByRole('button', { name: 'Send me the encrypted message' }).click();
  await page.getByText(/^Mailed to you/).waitFor();
}

async function lookAt({ page }: Player, name: string): Promise<void> {
  expect(await violationsOf(page)).toEqual([]);
  expect(await overflowOf(page)).toBe(0);
  if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
}

/** The command and the attachment of the newest mail to this person, from the mailbox page. */
async function readMail({ page }: Player): Promise<{ command: string; file: { name: string; bytes: Uint8Array } }> {
  const context = page.context();
  const reader = await context.newPage();
  await reader.goto(instance.mailboxPath ?? '');
  await reader.getByRole('link', { name: 'Open this message to prove your key' }).first().click();
  const text = await reader.locator('pre').innerText();
  const command = /^ *(gpg --decrypt .+)$/m.exec(text)?.[1] ?? '';
  const href = await reader.getByRole('link', { name: fileName }).getAttribute('href');
  const answer = await context.request.get(href ?? '');
  expect(answer.headers()).toMatchObject({
    'content-disposition': `attachment; filename="${fileName}"`,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
  });
  await reader.close();
  return { command, file: { name: fileName, bytes: new Uint8Array(await answer.body()) } };
}

describe('a key is proven', () => {
  it('1. by signing the phrase in the browser', async () => {
    const player = await withNewKey(ada, 'one');
    await lookAt(player, 'proof-four-ways');
    await sign(player, 'browser');
    await isProven(player);
  });

  it('1. and 2. take no private key as a signature: it is refused before anything is sent, and taken out of the field', async () => {
    const { page, gnupg, sent } = ada;
    const before = sent.length;
    await withNewKey(ada, 'mistaken');
    await page.getByRole('tab', { name: /GnuPG/ }).click();
    await page.getByText('touch the key when it blinks').waitFor();
    const form = page.getByRole('form', { name: 'Hand in a signature' });
    await form.getByLabel('Or paste the signature').fill(await gnupg.privateKey());
    await form.getByRole('button', { name: 'Hand in the signature' }).click();
    await form.getByRole('alert').filter({ hasText: 'It was not sent' }).waitFor();
    expect(await form.getByLabel('Or paste the signature').inputValue()).toBe('');
    expect(sent.slice(before).join('\n')).not.toContain('PRIVATE KEY BLOCK');
  });

  it('2. by signing it with gpg and handing in the signature, without script', async () => {
    const player = await withNewKey(chi, 'two');
    await sign(player, 'upload');
    await isProven(player);
  });

  it('3. by opening the mailed message with its one command, without script, once', async () => {
    const player = await withNewKey(chi, 'three');
    await askForMessage(player);
    const { command, file } = await readMail(player);
    const printed = await player.gnupg.run(command, file);
    const link = /https?:\S+\/opened\/\S+/.exec(printed)?.[0] ?? '';
    await ada.page.goto(link);
    await ada.page.getByText('This message was sent to another account').waitFor();
    for (const method of ['HEAD', 'GET', 'GET']) await fetch(link, { method });
    await player.page.goto(link);
    if (pictures) await player.page.screenshot({ path: path.join(pictures, 'proof-link.png'), fullPage: true });
    await player.page.getByRole('button', { name: 'Prove this key' }).click();
    await isProven(player);
    await player.page.goto(link);
    await player.page.getByText('It was used already, has expired').waitFor();
  });

  it('3. by pasting what opening the message printed, without script', async () => {
    const player = await withNewKey(chi, 'pasted');
    await askForMessage(player);
    const { command, file } = await readMail(player);
    const form = player.page.getByRole('form', { name: 'Hand in what it printed' });
    await form.getByLabel('What opening it printed').fill(await player.gnupg.run(command, file));
    await form.getByRole('button', { name: 'Prove this key' }).click();
    await isProven(player);
  });

  it('4. by opening the message in the browser, from which no byte of key or passphrase leaves', async () => {
    const player = await withNewKey(ada, 'four');
    await askForMessage(player);
    const { page, gnupg, sent } = player;
    await lookAt(player, 'proof-mailed');
    await page.getByRole('tab', { name: 'On this page' }).click();
    await lookAt(player, 'proof-open-here');
    const panel = page.getByRole('tabpanel', { name: 'On this page' });
    const secret = await gnupg.privateKey();
    const before = sent.length;
    await panel.getByLabel('Or paste the private key').fill(secret);
    await panel.getByLabel('Passphrase of the key').fill('not this one');
    await panel.getByRole('button', { name: 'Open it and prove this key' }).click();
    await panel
      .getByRole('alert')
      .filter({ hasText: /passphrase/i })
      .waitFor();
    await panel.getByLabel('Passphrase of the key').fill(gnupg.passphrase);
    await panel.getByRole('button', { name: 'Open it and prove this key' }).click();
    await isProven(player);
    const left = sent.slice(before).join('\n');
    for (const secretText of [gnupg.passphrase, 'not this one', secret.split('\n')[3] ?? secret])
      expect(left).not.toContain(secretText);
  });
});

it('4. by opening the message with the key that this browser keeps: nothing is chosen, only the passphrase typed', async () => {
  const player = await withNewKey(ada, 'kept');
  await keepHere(player);
  await askForMessage(player);
  const { page, gnupg } = player;
  await page.getByRole('tab', { name: 'On this page' }).click();
  const panel = page.getByRole('tabpanel', { name: 'On this page' });
  await panel.getByRole('radio', { name: 'In this browser: ada kept' }).waitFor();
  expect(await panel.getByLabel('Private key file').count()).toBe(0);
  await lookAt(player, 'proof-open-kept');
  await panel.getByLabel('Passphrase of the key').fill(gnupg.passphrase);
  await panel.getByRole('button', { name: 'Open it and prove this key' }).click();
  await isProven(player);
});

it('a key that only signs is offered the two ways that work, and told why', async () => {
  await addKey(ada, ada.gnupg);
  await ada.page.getByText('Not for this key: it only signs.').waitFor();
  await ada.page.getByRole('heading', { name: 'Two ways, one is enough' }).waitFor();
  expect(await ada.page.getByRole('button', { name: 'Send me the encrypted message' }).count()).toBe(0);
  await lookAt(ada, 'proof-sign-only');
  expect(ada.complaints).toEqual([]);
});
