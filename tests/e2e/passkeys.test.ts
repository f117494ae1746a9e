// Passkeys and fingerprints in Chromium, against an instance of its own: an account with a passkey in Chromium's virtual authenticator (CDP
// domain WebAuthn), signing in with it, confirming with it; a fingerprint compared with and without script; and no shortened one anywhere.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSmtpMailbox, type Mailbox } from '../../scripts/demo/mailbox.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { overflowOf, violationsOf } from './accessibility.ts';
import { openPlayer, signIn, type Player, type Stage } from './people.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cs-passkeys-'));
let instance: Instance;
let mailbox: Mailbox & { url: string };
let stage: Stage;
let [ada, bo] = [] as unknown as [Player, Player];

beforeAll(async () => {
  mailbox = await openSmtpMailbox();
  instance = await startInstance({
    dataFolder: path.join(folder, 'data'),
    port: await freePort(),
    env: { SMTP_URL: mailbox.url },
    stdio: ['ignore', 'ignore', 'inherit'],
    countersigner: false,
  });
  stage = { instance, mailbox };
  [ada, bo] = await Promise.all([openPlayer(stage, 'ada'), openPlayer(stage, 'bo', { javaScriptEnabled: false })]);
});
afterAll(async () => {
  await Promise.all([ada, bo].map(async (player) => player?.close()));
  await instance?.end();
  await mailbox?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A device with a passkey store and somebody who always touches it. */
async function plugIn({ context, page }: Player): Promise<void> {
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
}

/** A pattern would also fit the address that only says where to come back to. */
const arriveAt = ({ page }: Player, address: string) => page.waitForURL((url) => url.pathname === address);

async function expectGoodPage({ page }: Player): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violationsOf(page), `${page.url()} ${colorScheme}`).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 900 });
  expect(await overflowOf(page), page.url()).toBe(0);
  await page.setViewportSize({ width: 1200, height: 900 });
}

async function addKey({ page, gnupg }: Player): Promise<string> {
  await page.goto('/account/keys/new');
  await page.getByLabel('Or paste the public key').fill(gnupg.certificate);
  await page.getByRole('button', { name: 'Add this key' }).click();
  const address = `/account/keys/${gnupg.fingerprint}`;
  await page.waitForURL(`**${address}`);
  return address;
}

// Groups of four stand alone or as one run of 40 or 64; a run of 8 or 16 that is no part of those would be a key id.
const shortened = /(?<![0-9A-Za-z-])(?:0x)?(?:[0-9A-F]{8}|[0-9A-F]{16})(?![0-9A-Za-z-])/;

it('a passkey is added, signs in without a mail, confirms that it is still you, and is removed', async () => {
  const { page } = ada;
  await plugIn(ada);
  await signIn(stage, ada);
  const key = await addKey(ada);
  await page.goto(
    `${key}?${new URLSearchParams({ compare: ada.gnupg.fingerprint, pasted: '0'.repeat(40) }).toString()}`,
  );
  await page.getByText(/No match: \d+ of 10 groups are different/).waitFor();
  await expectGoodPage(ada);
  await page.goto('/account/passkeys');
  await page.getByText('None yet.').waitFor();
  await page.getByLabel('Name of the passkey').fill('laptop');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('cell', { name: 'laptop' }).waitFor();
  await page.getByText('not yet').waitFor();
  await expectGoodPage(ada);
  expect((await mailbox.take(ada.address, /passkey was added/i)).links[0]).toContain('/account/passkeys');

  await page.goto('/account');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.goto('/sign-in?returnTo=/account/passkeys');
  await expectGoodPage(ada);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await arriveAt(ada, '/account/passkeys');
  expect(await page.getByText('not yet').count()).toBe(0);

  await page.goto('/account/confirm?returnTo=/account/keys/new');
  await page.getByText('Nothing to do').waitFor();
  await expectGoodPage(ada);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await arriveAt(ada, '/account/keys/new');

  await page.goto('/account/passkeys');
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('None yet.').waitFor();
  await page.goto('/account');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByRole('alert').getByText('This passkey is not registered here').waitFor();
  expect(ada.complaints.filter((line) => !line.includes('favicon'))).toEqual([]);
});

it('without script there is no passkey button, and confirming goes by mail and comes back', async () => {
  const { page } = bo;
  await page.goto('/sign-in');
  expect(await page.getByRole('button', { name: 'Use a passkey' }).isVisible()).toBe(false);
  await signIn(stage, bo);
  await page.goto('/account/confirm?returnTo=/account/keys/new');
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
  const { links } = await mailbox.take(bo.address, /sign in/i);
  await page.goto(links.find((link) => link.includes('/sign-in/')) ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await arriveAt(bo, '/account/keys/new');
});

it('a fingerprint is compared by the machine, also without script, and is shortened nowhere', async () => {
  const { page, gnupg } = bo;
  const { fingerprint } = gnupg;
  const address = await addKey(bo);
  const form = page.getByRole('form', { name: 'Compare the fingerprint of your key' });
  const compare = async (pasted: string) => {
    await form.getByRole('textbox').fill(pasted);
    await form.getByRole('button', { name: 'Compare' }).click();
  };
  await compare(fingerprint.toLowerCase().replaceAll(/(.{4})/g, '$1 '));
  await form.getByText('Match: every group is the same.').waitFor();
  const words = await page
    .getByRole('list', { name: 'The fingerprint in words' })
    .getByRole('listitem')
    .allInnerTexts();
  expect(words).toHaveLength(15);
  await compare(words.map((word) => word.replace(/^\d+\s*/, '')).join(' '));
  await form.getByText('Match: every group is the same.').waitFor();
  const other = fingerprint[21] === '0' ? '1' : '0';
  await compare(`${fingerprint.slice(0, 21)}${other}${fingerprint.slice(22)}`);
  await form.getByText('No match: 1 of 10 groups is different.').waitFor();
  await compare(fingerprint.slice(24));
  await form.getByText('which is a shortened key id').waitFor();
  await page.getByRole('img', { name: 'QR code of the fingerprint of your key' }).waitFor();
  for (const place of ['/account', '/account/keys', address]) {
    await page.goto(place);
    expect(shortened.exec(await page.locator('main').innerText())?.[0], place).toBeUndefined();
  }
});
