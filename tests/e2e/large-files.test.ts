// A large file from the page: paused, the page left, the server ended and started again, the same file chosen again; it goes on where it was, and what the
// browser read is what the server has. Looked at on a wide and on a narrow screen, light and dark.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser, type Browsing } from '../../scripts/demo/chromium.ts';
import { openMailboxPage } from '../../scripts/demo/mailbox.ts';
import * as story from '../../scripts/demo/story.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { makeWheel } from '../support/story.ts';
import { overflowOf, violationsOf } from './accessibility.ts';

const project = 'sunrise-demo';
const folder = mkdtempSync(path.join(tmpdir(), 'cs-e2e-'));
/** Where pictures of the pages go; nowhere, unless somebody wants to look at them. */
const pictures = process.env['PICTURES'];

let instance: Instance;
let port: number;
let ada: story.Person;
let browsing: Browsing;

const start = async (): Promise<Instance> =>
  startInstance({ dataFolder: path.join(folder, 'data'), port, stdio: ['ignore', 'ignore', 'inherit'] });

beforeAll(async () => {
  port = await freePort();
  instance = await start();
  const world = { base: instance.publicUrl, mailbox: openMailboxPage(instance.publicUrl, instance.mailboxPath ?? '') };
  ada = await story.arrive(world, 'ada');
  await story.registerKey(ada);
  await story.foundProject(ada, project, 1);
  browsing = await openBrowser(instance.publicUrl);
  const cookies = [...ada.visitor.cookies].map(([name, value]) => ({ name, value, url: instance.publicUrl }));
  await browsing.context.addCookies(cookies);
}, 400_000);

afterAll(async () => {
  await browsing?.close();
  await ada?.gnupg.close();
  await instance?.end();
  rmSync(folder, { recursive: true, force: true });
});

/** On a wide and on a narrow screen, light and dark: nothing sticks out, and nobody is kept out. */
async function lookAt(name: string): Promise<void> {
  const { page } = browsing;
  for (const [width, colorScheme] of [[1200, 'light'] as const, [320, 'dark'] as const]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    expect([name, width, await overflowOf(page)]).toEqual([name, width, 0]);
    expect([name, width, await violationsOf(page)]).toEqual([name, width, []]);
    if (pictures === undefined) continue;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: path.join(pictures, `${name}-${width}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 1200, height: 900 });
}

it('goes on after a pause, a reload and a restart of the server, and becomes a draft', async () => {
  const { page, context } = browsing;
  const wheel = makeWheel(project, '3.0.0', randomBytes(30_000_000).toString('base64'));
  const place = path.join(folder, wheel.name);
  writeFileSync(place, wheel.bytes);
  const slow = await context.newCDPSession(page);
  const conditions = { offline: false, latency: 0, downloadThroughput: -1 };
  await slow.send('Network.enable');
  await slow.send('Network.emulateNetworkConditions', { ...conditions, uploadThroughput: 4_000_000 });
  await page.goto(`/projects/${project}/drafts/new`);
  await page.locator('input[type=file]').setInputFiles(place);
  await page.getByRole('list', { name: 'Recognised files' }).waitFor();
  await page.getByRole('button', { name: 'Open the draft' }).click();
  await page.getByText(/Sending: [1-9]\d? %/).waitFor();
  await page.getByRole('button', { name: `Pause ${wheel.name}` }).click();
  await page.getByText(/Paused: \d+ %/).waitFor();
  await lookAt('paused');

  page.once('dialog', (dialog) => void dialog.accept());
  await instance.end();
  instance = await start();
  await page.goto(`/projects/${project}/drafts/new`);
  const waiting = page.getByRole('region', { name: 'Uploads that wait' });
  await waiting.getByText(wheel.name).first().waitFor();
  await waiting.getByText(/of .*, kept until/).waitFor();
  await lookAt('waiting');

  const begun = browsing.sent.filter((one) => one.includes(`POST ${instance.publicUrl}/projects/${project}/uploads`));
  await slow.send('Network.emulateNetworkConditions', { ...conditions, uploadThroughput: -1 });
  await page.locator('input[type=file]').setInputFiles(place);
  await page.getByRole('list', { name: 'Recognised files' }).waitFor();
  await page.getByRole('button', { name: 'Open the draft' }).click();
  await page.waitForURL(/\/drafts\/[0-9a-f]{12}$/, { timeout: 120_000 });
  await page.getByText(wheel.name).first().waitFor();
  const again = browsing.sent.filter((one) => one.includes(`POST ${instance.publicUrl}/projects/${project}/uploads`));
  expect(again.length).toBe(begun.length); // it is the upload of before that went on
});
