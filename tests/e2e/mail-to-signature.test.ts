// From a delivered mail to a counted signature in at most four actions, by the personal link and nobody signed in; what the link leaves behind in
// the browser; signing in from it and coming back; declining without script; and a form of one person under the cookie of another.
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type Browsing, type Look } from '../../scripts/demo/chromium.ts';
import { openSmtpMailbox, type Mailbox } from '../../scripts/demo/mailbox.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { overflowOf, violationsOf } from './accessibility.ts';
import { openPlayer, type Player, type Stage } from './people.ts';
import { bringIn, enter, foundProject, openDraft, sunriseFiles } from './project.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cs-links-'));
const project = 'sunrise-demo';
const opened: Browsing[] = [];
let instance: Instance;
let mailbox: Mailbox & { url: string };
let stage: Stage;
let [ada, bo, chi] = [] as unknown as [Player, Player, Player];
let draft = '';
let [linkOfBo, linkOfChi] = ['', ''];

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
  const players = await Promise.all(['ada', 'bo', 'chi'].map((name) => openPlayer(stage, name)));
  [ada, bo, chi] = players as typeof players & [Player, Player, Player];
  await enter(stage, [ada, bo, chi]);
  await foundProject(ada, project, 2);
  await bringIn(stage, { owner: ada, guests: [bo, chi], project });
  draft = (await openDraft(ada, project, sunriseFiles)).slice('/drafts/'.length);
  linkOfBo = await linkIn(bo);
  linkOfChi = await linkIn(chi);
}, 300_000);
afterAll(async () => {
  await Promise.all([ada, bo, chi, ...opened].map(async (browsing) => browsing?.close()));
  await instance?.end();
  await mailbox?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function linkIn({ address }: Player): Promise<string> {
  const { links } = await mailbox.take(address, /\d needs your signature/);
  return links.find((link) => /\/d\/[\w-]{43}$/.test(link)) ?? '';
}

/** A browser in which nobody ever signed in. */
async function strange(look: Look = {}): Promise<Browsing> {
  const browsing = await openBrowser(instance.publicUrl, look);
  opened.push(browsing);
  return browsing;
}

const place = () => `${instance.publicUrl}/for-you/${draft}`;

async function expectGoodPage(page: Page): Promise<void> {
  for (const width of [320, 1200])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      expect(await violationsOf(page), `${page.url()} ${width} ${colorScheme}`).toEqual([]);
      expect(await overflowOf(page), `${page.url()} ${width}`).toBe(0);
    }
}

describe('the personal link of a mail', () => {
  it('leads to a counted signature in four actions, with nobody signed in', async () => {
    const { page, complaints } = await strange();
    await page.goto(linkOfBo); // 1
    const statement = page.waitForEvent('download');
    await page
      .getByRole('link', { name: /^Download .*SHA256SUMS$/ })
      .first()
      .click(); // 2
    const armored = await bo.gnupg.sign(await readFile(await (await statement).path()));
    const file = { name: 'SHA256SUMS.asc', mimeType: 'application/pgp-signature', buffer: Buffer.from(armored) };
    await page.getByLabel('Signature file').setInputFiles(file); // 3
    await page.getByRole('button', { name: 'Hand in the signature' }).click(); // 4
    await page.getByText('Signed by bo, over revision 1. It is 1 of 2, ada or chi can complete it now.').waitFor();
    await page.getByText('You signed this revision.').waitFor();
    expect(complaints.filter((line) => !line.includes('favicon'))).toEqual([]);
  });

  it('leaves its token in no address, no Referer and no other request', async () => {
    const { page, sent, context } = await strange();
    const token = linkOfBo.split('/d/')[1] ?? '';
    await page.goto(linkOfBo);
    expect(page.url()).toBe(place());
    await page.getByRole('link', { name: project }).first().click();
    await page.waitForURL(`**/projects/${project}`);
    await page.goBack();
    await page.waitForURL(place()); // what the history kept
    await page.getByText('This page is for bo, by the link in a mail.').waitFor();
    expect(sent.filter((request) => request.includes(token))).toHaveLength(1);
    expect(await page.evaluate(() => document.referrer + document.documentElement.outerHTML)).not.toContain(token);
    const cookies = await context.cookies();
    expect(cookies.map(({ name, path: where, httpOnly, sameSite }) => [name, where, httpOnly, sameSite])).toEqual([
      ['countersign-link', `/for-you/${draft}`, true, 'Lax'],
    ]);
    expect(JSON.stringify(cookies)).not.toContain(token);
  });

  it('signs nobody in: every other page asks for a sign-in', async () => {
    const { page } = await strange();
    await page.goto(linkOfBo);
    for (const other of ['/account', `/drafts/${draft}`, '/account/keys/new']) {
      await page.goto(other);
      expect(new URL(page.url()).pathname, other).toBe('/sign-in');
    }
  });

  it('is a good page at both widths and in both schemes, and so is the page of a link that opens nothing', async () => {
    const { page } = await strange();
    await page.goto(linkOfChi);
    await page.getByText('This page is for chi, by the link in a mail.').waitFor();
    await expectGoodPage(page);
    await page.goto(`${linkOfChi}x`);
    await page.getByText('This link opens nothing.').waitFor();
    await expectGoodPage(page);
  });

  it('leads to signing in by mail, and back to the same spot', async () => {
    const { page } = await strange({ javaScriptEnabled: false });
    await page.goto(linkOfChi);
    await page.getByRole('link', { name: 'Sign in, then sign in this browser' }).click();
    await page.getByLabel('Mail address').fill(chi.address);
    await page.getByRole('button', { name: 'Send me the link' }).click();
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
    const { links } = await mailbox.take(chi.address, /sign in/i);
    await page.goto(links.find((link) => link.includes('/sign-in/')) ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${instance.publicUrl}/drafts/${draft}#sign`);
  });

  it('leads to signing in with a passkey, and back to the same spot', async () => {
    const { page, context } = chi;
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true } as const;
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: { ...options, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    });
    await page.goto('/account/passkeys');
    await page.getByLabel('Name of the passkey').fill('laptop');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('cell', { name: 'laptop' }).waitFor();
    await page.goto('/account');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${instance.publicUrl}/`);
    await page.goto(linkOfChi);
    await page.getByRole('link', { name: 'Sign in, then sign in this browser' }).click();
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.waitForURL(`${instance.publicUrl}/drafts/${draft}#sign`);
  });

  it('does nothing in the name of one person under the cookie of another', async () => {
    const { page, context } = await strange();
    await page.goto(linkOfBo);
    await page.getByText('Decline it, with the reason').click();
    await page.getByLabel('Why it should not be published').fill('Meant by bo.');
    const second = await context.newPage();
    await second.goto(linkOfChi);
    await second.getByText('This page is for chi').waitFor();
    await page.getByRole('button', { name: 'Decline revision 1' }).click();
    await page.getByRole('alert').getByText('this page was opened for bo').waitFor();
    await second.reload();
    expect(await second.getByText('declined this draft').count()).toBe(0);
  });

  it('declines with a reason, mutes and ends itself, each by a button, without script', async () => {
    const { page } = await strange({ javaScriptEnabled: false });
    await page.goto(linkOfChi);
    await page.getByText('Decline it, with the reason').click();
    await page.getByLabel('Why it should not be published').fill('Not on a Friday.');
    await page.getByRole('button', { name: 'Decline revision 1' }).click();
    await page.getByText('chi declined this draft.').waitFor();
    await page.getByText('Not now: put reminders off, or mute the draft').click();
    await page.getByLabel('Not at all').check();
    await page.getByRole('form', { name: 'Reminders of this draft' }).getByRole('button', { name: 'Save' }).click();
    await page.getByText('You muted this draft: you get no mail about it.').waitFor({ state: 'attached' });
    await page.getByText('End this link').first().click();
    await page.getByRole('button', { name: 'End this link' }).click();
    await page.getByText('This link has ended: it was revoked.').waitFor();
    await page.goto(linkOfChi);
    await page.getByText('This link has ended: it was revoked.').waitFor();
    await mailbox.take(ada.address, /was declined by chi/);
  });
});
