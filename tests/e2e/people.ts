// People of the end-to-end tests: each with a browser, a profile and a GnuPG key of their own, doing one thing at a time through roles
// and labels, as somebody who reads or hears the page would.
import { expect } from 'vitest';
import { openBrowser, type Browsing, type Look } from '../../scripts/demo/chromium.ts';
import { makeGnupgPerson, type GnupgPerson } from '../../scripts/demo/gnupg.ts';
import type { Mailbox } from '../../scripts/demo/mailbox.ts';
import type { Instance } from '../../scripts/instance.mjs';

export type Player = Browsing & { name: string; address: string; gnupg: GnupgPerson; hasScript: boolean };

export type Stage = { instance: Instance; mailbox: Mailbox };

export async function openPlayer(stage: Stage, name: string, look: Look = {}): Promise<Player> {
  const browsing = await openBrowser(stage.instance.publicUrl, look);
  const gnupg = await makeGnupgPerson(`${name} <${name}@example.org>`);
  return { ...browsing, name, address: `${name}@example.org`, gnupg, hasScript: look.javaScriptEnabled !== false };
}

/** Signs in by mail link; the account is new. */
export async function signIn({ instance, mailbox }: Stage, player: Player): Promise<void> {
  const { page, address, name } = player;
  await page.goto('/sign-in');
  await page.getByLabel('Mail address').fill(address);
  await page.getByRole('button', { name: 'Send me the link' }).click();
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
  const { links } = await mailbox.take(address, /sign in/i);
  const link = links.find((found) => found.includes('/sign-in/')) ?? '';
  // A mail scanner opens the link first, twice, with HEAD and GET: nobody is signed in by that.
  for (const method of ['HEAD', 'GET', 'GET'])
    expect((await fetch(link, { method })).headers.getSetCookie()).toEqual([]);
  await page.goto(link);
  await page.getByLabel('Account name').fill(name);
  await page.getByRole('button', { name: 'Create the account and sign in' }).click();
  await page.waitForURL(`${instance.publicUrl}/`);
}

/** Adds and proves the player's key, in the page or, without script, with gpg and an upload. */
export async function registerKey(player: Player): Promise<void> {
  const { page, gnupg } = player;
  await page.goto('/account/keys/new');
  await page.getByLabel('Or paste the public key').fill(gnupg.certificate);
  await page.getByRole('button', { name: 'Add this key' }).click();
  await page.waitForURL(`**/account/keys/${gnupg.fingerprint}`);
  await page.getByRole('heading', { name: /^(?:Prove that it is yours|What you sign|1 What you sign)$/ }).waitFor();
  const phrase = page.getByRole('button', { name: 'Make the phrase to sign' });
  if (await phrase.isVisible()) await phrase.click();
  await sign(player);
  await page.getByText('Proven. It can sign').waitFor();
}

/** The owner compares the key with which a guest accepted with what the guest's own tool says, and confirms it. */
export async function confirmKey(
  { page }: Player,
  { name, fingerprint }: { name: string; fingerprint: string },
  project: string,
): Promise<void> {
  await page.goto(`/projects/${project}/people`);
  await page.getByRole('link', { name: `Compare the key of ${name}` }).click();
  await page.getByLabel(`The fingerprint of ${name}, as you got it elsewhere`).first().fill(fingerprint);
  await page.getByRole('button', { name: 'Compare and confirm' }).click();
  await page.getByText(`confirmed the key on`).first().waitFor();
}

/** Signs what the open page shows: in the browser with the private key, or, without script, by uploading what gpg made. */
export async function sign(
  player: Player,
  way: 'browser' | 'upload' = player.hasScript ? 'browser' : 'upload',
): Promise<void> {
  await (way === 'browser' ? signInPage(player) : uploadSignature(player));
}

async function signInPage({ page, gnupg }: Player): Promise<void> {
  const key = { name: 'private.asc', mimeType: 'text/plain', buffer: Buffer.from(await gnupg.privateKey()) };
  await page.getByRole('tab', { name: 'In this browser' }).click();
  const panel = page.getByRole('tabpanel', { name: 'In this browser' });
  await panel.getByLabel('Private key file').setInputFiles(key);
  await panel.getByLabel('Passphrase of the key').fill(gnupg.passphrase);
  await panel.getByRole('button', { name: /^(?:Sign|Prove)/ }).click();
}

async function uploadSignature({ page, context, gnupg, hasScript }: Player): Promise<void> {
  if (hasScript) await page.getByRole('tab', { name: /GnuPG/ }).click();
  const form = page.getByRole('form', { name: 'Hand in a signature' });
  const address = await page
    .getByRole('link', { name: /^Download / })
    .first()
    .getAttribute('href');
  const bytes = await (await context.request.get(address ?? '')).body();
  const armored = await gnupg.sign(new Uint8Array(bytes));
  const file = { name: 'signature.asc', mimeType: 'application/pgp-signature', buffer: Buffer.from(armored) };
  await form.getByLabel('Signature file').setInputFiles(file);
  await form.getByRole('button', { name: 'Hand in the signature' }).click();
}
