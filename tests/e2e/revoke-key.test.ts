// Revoking a key in Chromium, with the key itself and nothing else: one that the browser keeps, because somebody else may have it, and one from a
// file, because it is no longer used. Each ends in what the page of the key, the draft that it signed and `countersign inspect-key` say.
// Ada is alone, and each project needs two, so that her drafts stay open.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSmtpMailbox, type Mailbox } from '../../scripts/demo/mailbox.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { overflowOf, violationsOf } from './accessibility.ts';
import { openPlayer, registerKey, sign, signIn, type Player } from './people.ts';

const passphrase = 'lantern river copper owl saddle';
const holder = 'ada on the laptop';
const vectors = path.resolve('tests/vectors/python');
const folder = mkdtempSync(path.join(tmpdir(), 'cs-revoke-'));

let instance: Instance;
let mailbox: Mailbox & { url: string };
let ada: Player;
let kept = '';
const drafts = new Map<string, string>();

beforeAll(async () => {
  mailbox = await openSmtpMailbox();
  instance = await startInstance({
    ...{ dataFolder: path.join(folder, 'data'), port: await freePort(), env: { SMTP_URL: mailbox.url } },
    ...{ stdio: ['ignore', 'ignore', 'inherit'], countersigner: false },
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

/** A key that this browser keeps, made and proven. */
async function makeKey(): Promise<string> {
  const { page } = ada;
  await page.goto('/account/keys/new/make');
  await page.getByLabel('Name in the key').fill(holder);
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByLabel('The passphrase again').fill(passphrase);
  await page.getByRole('button', { name: 'Make the key' }).click();
  for (const button of ['Save the backup file', 'Save the revocation certificate'])
    await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
  await page.getByRole('button', { name: 'Register this key' }).click();
  await page.waitForURL(/\/account\/keys\/[0-9A-F]{40}$/);
  await signWithKept();
  await page.getByText('Proven. It can sign').waitFor();
  return page.url().slice(-40);
}

async function signWithKept(): Promise<void> {
  const panel = ada.page.getByRole('tabpanel', { name: 'In this browser' });
  await panel.getByRole('radio', { name: `In this browser: ${holder}` }).waitFor();
  await panel.getByLabel('Passphrase of the key').fill(passphrase);
  await panel.getByRole('button', { name: /^(?:Sign|Prove)/ }).click();
}

/** A project whose policy names this key, and a draft that it signed. */
async function openSigned(project: string, userId: string, wheel: string): Promise<void> {
  const { page } = ada;
  const signHere = () => (userId === holder ? signWithKept() : sign(ada, 'browser'));
  await page.goto('/projects/new');
  await page.getByLabel('Name of the project').fill(project);
  await page.getByLabel('Publishing needs').fill('2');
  await page.getByRole('radio', { name: userId }).check();
  await page.getByRole('button', { name: 'Create the project' }).click();
  await page.waitForURL(`**/projects/${project}/policy/1`);
  await signHere();
  await page.getByText('These are the rules now.').waitFor();
  await page.goto(`/projects/${project}/drafts/new`);
  await page.locator('input[type=file]').first().setInputFiles(path.join(vectors, wheel));
  await page.getByRole('button', { name: 'Open the draft' }).click();
  await page.waitForURL(/\/drafts\/[0-9a-f]{12}$/);
  drafts.set(project, new URL(page.url()).pathname);
  await signHere();
  await page.getByText('1 of 2 signed').first().waitFor();
}

const form = () => ada.page.locator('details', { has: ada.page.getByText('Revoke it', { exact: true }) });
const revokeButton = () => form().getByRole('button', { name: 'Revoke this key for good' });

async function openEnd(fingerprint: string): Promise<void> {
  await ada.page.goto(`/account/keys/${fingerprint}`);
  await ada.page.getByText('Revoke it', { exact: true }).click();
}

/** What the command line says of the key as it is given out now, without asking anybody. */
async function inspected(fingerprint: string) {
  const served = await fetch(`${instance.address}/vks/v1/by-fingerprint/${fingerprint}`);
  const file = path.join(folder, `${fingerprint}.asc`);
  writeFileSync(file, new Uint8Array(await served.arrayBuffer()));
  const run = spawnSync(process.execPath, ['.build/cli.mjs', 'inspect-key', file, '--json'], { encoding: 'utf8' });
  return { exit: run.status, said: JSON.parse(run.stdout) as { accepted: boolean; revoked: { kind: string } | null } };
}

async function requireSound(): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await ada.page.emulateMedia({ colorScheme });
    expect(await violationsOf(ada.page)).toEqual([]);
  }
  await ada.page.setViewportSize({ width: 320, height: 900 });
  expect(await overflowOf(ada.page)).toBe(0);
  await ada.page.setViewportSize({ width: 1200, height: 900 });
}

it('two keys, one kept in this browser, sign a draft each', async () => {
  await registerKey(ada);
  kept = await makeKey();
  await openSigned('sunrise-demo', holder, 'sunrise_demo-1.2.0-py3-none-any.whl');
  await openSigned('lantern-tools', 'ada <', 'Lantern.Tools-2.0.0rc1-py3-none-any.whl');
  expect([...drafts.keys()]).toEqual(['sunrise-demo', 'lantern-tools']);
});

describe('a key that somebody else may have', () => {
  it('is not revoked with a wrong passphrase', async () => {
    await openEnd(kept);
    await form().getByText('no longer counts, which has 0 of 2 then').waitFor();
    await form().getByRole('radio', { name: 'Somebody else may have it' }).check();
    await form().getByLabel('Passphrase of the key').fill('not these words at all');
    await revokeButton().click();
    await form()
      .getByRole('alert')
      .filter({ hasText: /passphrase/i })
      .waitFor();
    await requireSound();
    expect((await inspected(kept)).said).toMatchObject({ accepted: true, revoked: null });
  });

  it('is revoked with the copy that this browser keeps, and its page says what that did', async () => {
    await form().getByLabel('Passphrase of the key').fill(passphrase);
    await revokeButton().click();
    await ada.page.getByText('This key is revoked.').waitFor();
    await ada.page.getByText('Its signature on the draft of sunrise-demo 1.2.0 no longer counts').waitFor();
    expect(await revokeButton().count()).toBe(0);
    await requireSound();
  });

  it('leaves its signature on the draft struck, with the reason', async () => {
    await ada.page.goto(drafts.get('sunrise-demo') ?? '');
    await ada.page
      .getByText(/Does not count\. Key [0-9A-F ]+ was revoked on .* no longer count either\. Signed/)
      .waitFor();
    await ada.page.getByText('0 of 2 signed').first().waitFor();
    await requireSound();
  });

  it('is refused by the command line, which reads the revocation in the served certificate', async () => {
    expect(await inspected(kept)).toMatchObject({ exit: 1, said: { accepted: false, revoked: { kind: 'hard' } } });
  });
});

describe('a key that is no longer used', () => {
  it('is revoked with its file, and its page says that what was received keeps counting', async () => {
    const { page, gnupg } = ada;
    await openEnd(gnupg.fingerprint);
    await form().getByRole('radio', { name: 'I no longer use it' }).check();
    const key = { name: 'private.asc', mimeType: 'text/plain', buffer: Buffer.from(await gnupg.privateKey()) };
    await form().getByLabel('Private key file').setInputFiles(key);
    await form().getByLabel('Passphrase of the key').fill(gnupg.passphrase);
    await revokeButton().click();
    await page.getByText('This key is revoked.').waitFor();
    await page.getByText('Its signature on the draft of lantern-tools 2.0.0rc1 counts: 1 of 2.').waitFor();
  });

  it('keeps its line on the draft, and signs no other', async () => {
    await ada.page.goto(drafts.get('lantern-tools') ?? '');
    await ada.page.getByText('1 of 2 signed').first().waitFor();
    expect(await ada.page.getByText('Does not count.').count()).toBe(0);
  });

  it('is called softly revoked by the command line', async () => {
    const { exit, said } = await inspected(ada.gnupg.fingerprint);
    expect([exit, said.revoked?.kind]).toEqual([1, 'soft']);
  });

  it('left nothing of key or passphrase in what was sent, and no complaint', async () => {
    const sent = ada.sent.join('\n');
    for (const secret of [passphrase, encodeURIComponent(passphrase), ada.gnupg.passphrase, 'PRIVATE KEY BLOCK'])
      expect(sent).not.toContain(secret);
    expect(ada.complaints).toEqual([]);
  });
});
