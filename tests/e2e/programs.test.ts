// What programs hear of a project, from the page on which it is set up to the program itself: a webhook whose receiver checks the signature with a
// library that is not ours, a token with which the command line waits until a release is published, and feeds that a real XML parser reads.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type Browsing } from '../../scripts/demo/chromium.ts';
import { openMailboxPage } from '../../scripts/demo/mailbox.ts';
import * as story from '../../scripts/demo/story.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { root } from '../../scripts/processes.mjs';
import { makeWheel } from '../support/story.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { overflowOf, violationsOf } from './accessibility.ts';

const project = 'sunrise-demo';
const folder = mkdtempSync(path.join(tmpdir(), 'cs-e2e-'));
/** Where pictures of the pages go; nowhere, unless somebody wants to look at them. */
const pictures = process.env['PICTURES'];

let instance: Instance;
let receiver: WebhookReceiver;
let world: story.World;
let [ada, bo] = [] as unknown as [story.Person, story.Person];
let browsing: Browsing;

async function browserOf(person: story.Person, look = {}): Promise<Browsing> {
  const opened = await openBrowser(instance.publicUrl, look);
  const cookies = [...person.visitor.cookies].map(([name, value]) => ({ name, value, url: instance.publicUrl }));
  await opened.context.addCookies(cookies);
  return opened;
}

beforeAll(async () => {
  receiver = await openWebhookReceiver();
  instance = await startInstance({
    dataFolder: path.join(folder, 'data'),
    port: await freePort(),
    env: { WEBHOOK_HOSTS: receiver.host },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  world = { base: instance.publicUrl, mailbox: openMailboxPage(instance.publicUrl, instance.mailboxPath ?? '') };
  ada = await story.arrive(world, 'ada');
  bo = await story.arrive(world, 'bo');
  for (const person of [ada, bo]) await story.registerKey(person);
  await story.foundProject(ada, project, 2);
  await story.invite(world, ada, bo, project);
  await story.admitAll(ada, project, 2);
  browsing = await browserOf(ada);
}, 400_000);

afterAll(async () => {
  await browsing?.close();
  for (const person of [ada, bo]) await person?.gnupg.close();
  await instance?.end();
  await receiver?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `countersign wait`; resolves when it ends. */
function startWaiting(version: string, token: string): Promise<{ code: number | null; out: string; err: string }> {
  const words = ['wait', `${project}==${version}`, '--index', instance.publicUrl, '--timeout', '200'];
  const child = spawn(process.execPath, [path.join(root, '.build', 'cli.mjs'), ...words], {
    env: { ...process.env, COUNTERSIGN_TOKEN: token },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (part: Buffer) => (said.out += String(part)));
  child.stderr.on('data', (part: Buffer) => (said.err += String(part)));
  return new Promise((ended) => child.on('close', (code) => ended({ code, ...said })));
}

/** What Chromium's XML parser makes of a feed: the titles of its entries. It gives no document for what is not well-formed. */
const titlesOf = (address: string): Promise<string[]> =>
  browsing.page.evaluate(async (place) => {
    const asked = new XMLHttpRequest();
    asked.open('GET', place);
    await new Promise((loaded) => {
      asked.onloadend = loaded;
      asked.send();
    });
    const atom = 'http://www.w3.org/2005/Atom';
    const document = asked.responseXML;
    if (document?.documentElement.namespaceURI !== atom) throw new Error('This is no Atom.');
    return [...document.getElementsByTagNameNS(atom, 'entry')].map(
      (entry) => entry.getElementsByTagNameNS(atom, 'title')[0]?.textContent ?? '',
    );
  }, address);

describe('programs', () => {
  let [secret, token, webhookPage, feedAddress] = ['', '', '', ''];

  it('are told what happens: an owner adds a webhook, keeps its secret, and a test arrives', async () => {
    const { page } = browsing;
    await page.goto(`/projects/${project}`);
    await page.getByRole('link', { name: 'Webhooks and tokens' }).click();
    const form = page.getByRole('form', { name: 'Add a webhook' });
    await form.getByLabel('Address').fill(`http://${receiver.host}/hook`);
    await form.getByText(/^Choose what it is told \(8 of \d+ events\)$/).click();
    await form.getByRole('checkbox', { name: 'Somebody signed' }).check();
    await form.getByRole('button', { name: 'Add the webhook' }).click();
    const shown = page.getByRole('status').filter({ hasText: 'The webhook is added' });
    secret = await shown.locator('pre').innerText();
    expect(secret).toMatch(/^whsec_/);
    await page.getByRole('link', { name: `http://${receiver.host}/hook` }).click();
    webhookPage = page.url();
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('button', { name: 'Send a test' }).click();
    const test = await receiver.reach(1);
    const headers = test.headers as Record<string, string>;
    expect(new Webhook(secret).verify(test.body, headers)).toMatchObject({ type: 'webhook.test' });
    await expect
      .poll(async () => (await page.goto(webhookPage), page.locator('[data-message]').first().innerText()), {
        timeout: 30_000,
      })
      .toMatch(/Arrived\s+webhook\.test/);
  });

  it('wait for a release with a token, hear each signature, and end when it is published', async () => {
    const { page } = browsing;
    await page.goto(`/projects/${project}/programs`);
    const form = page.getByRole('form', { name: 'Make a token' });
    await form.getByLabel('What it is for').fill('release job');
    await form.getByRole('button', { name: 'Make a token' }).click();
    token = await page.getByRole('status').filter({ hasText: 'The token is made' }).locator('pre').innerText();
    const draft = await story.openDraft(ada, project, [makeWheel(project, '1.0.0')]);
    const waiting = startWaiting('1.0.0', token);
    for (const person of [ada, bo]) await story.signOn(person, draft);
    const { code, out, err } = await waiting;
    expect({ code, out }).toEqual({ code: 0, out: `${project} 1.0.0: published\n` });
    expect(err).toContain(`${project} 1.0.0: published`);
    expect(err + out).not.toContain(token);
    await expect
      .poll(() => receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type), { timeout: 30_000 })
      .toEqual([
        'webhook.test',
        'draft.opened',
        'signature.added',
        'signature.added',
        'draft.approved',
        'release.published',
      ]);
    for (const { body, headers } of receiver.received)
      expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow();
  });

  it('read what was published, and what waits for a person, as Atom', async () => {
    const { page } = browsing;
    await page.goto(`/projects/${project}`);
    const link = page.locator('link[rel="alternate"][type="application/atom+xml"]');
    expect(await link.getAttribute('href')).toBe(`${instance.publicUrl}/projects/${project}/feed.atom`);
    expect(await titlesOf(`/projects/${project}/feed.atom`)).toEqual([`${project} 1.0.0 is published`]);
    await story.openDraft(bo, project, [makeWheel(project, '1.1.0')]);
    await page.goto('/account');
    await page.getByRole('link', { name: 'your feed' }).click();
    await page.getByRole('button', { name: 'Make an address' }).click();
    feedAddress = await page.getByRole('status').filter({ hasText: 'address of your feed' }).locator('pre').innerText();
    expect(await titlesOf(feedAddress)).toEqual([`${project} 1.1.0 needs your signature (0 of 2)`]);
    // Without the cookies of the person it is the same; after its end it is not there.
    expect((await fetch(feedAddress)).status).toBe(200);
    await page.getByRole('button', { name: 'End it' }).click();
    await page.getByRole('button', { name: 'Make an address' }).waitFor();
    expect((await fetch(feedAddress)).status).toBe(404);
  });

  it('are set up without script as well', async () => {
    const plain = await browserOf(ada, { javaScriptEnabled: false });
    const { page } = plain;
    await page.goto(`/projects/${project}/programs`);
    const form = page.getByRole('form', { name: 'Make a token' });
    await form.getByLabel('What it is for').fill('second job');
    await form.getByRole('button', { name: 'Make a token' }).click();
    const made = await page.getByRole('status').filter({ hasText: 'The token is made' }).locator('pre').innerText();
    expect(made).toMatch(/^cst_/);
    const row = page.getByRole('row').filter({ hasText: 'second job' });
    await row.getByRole('button', { name: 'Revoke' }).click();
    await row.getByText('Revoked').waitFor();
    await plain.close();
  });

  it.each([1200, 320].flatMap((width) => (['light', 'dark'] as const).map((scheme) => ({ width, scheme }))))(
    'have pages that fit and can be read by everybody ($width px, $scheme)',
    async ({ width, scheme }) => {
      const looking = await browserOf(ada, { width, colorScheme: scheme });
      const { page } = looking;
      for (const address of [`/projects/${project}/programs`, webhookPage, '/account/feed']) {
        await page.goto(address);
        await page
          .locator('details')
          .first()
          .click({ timeout: 1000 })
          .catch(() => undefined);
        if (pictures !== undefined) {
          mkdirSync(pictures, { recursive: true });
          const name = new URL(address, instance.publicUrl).pathname.split('/').at(-1) ?? '';
          await page.screenshot({ path: path.join(pictures, `${name}-${width}-${scheme}.png`), fullPage: true });
        }
        expect(await violationsOf(page), address).toEqual([]);
        expect(await overflowOf(page), address).toBe(0);
      }
      expect(looking.complaints).toEqual([]);
      await looking.close();
    },
  );
});
