// Reminders in Chromium against programs that really run: an owner sets the rules, reminds by hand, and is told who wants no reminder; the
// other one, without script, gets the mail and puts it off.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSmtpMailbox, type Mailbox } from '../../scripts/demo/mailbox.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { overflowOf, violationsOf } from './accessibility.ts';
import { openPlayer, type Player, type Stage } from './people.ts';
import { bringIn, enter, foundProject, openDraft, sunriseFiles } from './project.ts';

const project = 'sunrise-demo';
const rulesPage = `/projects/${project}/reminders`;
const folder = mkdtempSync(path.join(tmpdir(), 'cs-reminders-'));

let instance: Instance;
let mailbox: Mailbox & { url: string };
let stage: Stage;
let ada: Player;
let bo: Player;
let draft: string;

beforeAll(async () => {
  mailbox = await openSmtpMailbox();
  instance = await startInstance({
    ...{ dataFolder: path.join(folder, 'data'), port: await freePort(), env: { SMTP_URL: mailbox.url } },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  stage = { instance, mailbox };
  ada = await openPlayer(stage, 'ada');
  bo = await openPlayer(stage, 'bo', { javaScriptEnabled: false, width: 320 });
  await enter(stage, [ada, bo]);
  await foundProject(ada, project, 2);
  await bringIn(stage, { owner: ada, guests: [bo], project });
});

afterAll(async () => {
  for (const player of [ada, bo]) {
    await player?.close();
    await player?.gnupg.close();
  }
  await instance?.end();
  await mailbox?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('an owner sets the rules; what does not fit is refused and what was typed stays; the others read them', async () => {
  const { page } = ada;
  await page.goto(`/projects/${project}`);
  await page.getByRole('link', { name: 'Reminders and deadlines' }).click();
  await page.getByText('reminded after 2 days, and then every 3 days, at most 5 times').waitFor();
  await page.getByLabel('A draft is open for').fill('3');
  await page.getByRole('button', { name: 'Save the rules' }).click();
  await page.getByText('Choose fewer days for the warning').waitFor();
  expect(await page.getByLabel('A draft is open for').inputValue()).toBe('3');
  await page.getByLabel('Warn people').fill('1');
  await page.getByRole('button', { name: 'Save the rules' }).click();
  await page.getByText('A draft is open for 3 days.').waitFor();
  await page.getByText('Chosen by ada on').waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await bo.page.goto(rulesPage);
  await bo.page.getByText('An owner of the project can change them.').waitFor();
  expect(await bo.page.getByRole('button', { name: 'Save the rules' }).count()).toBe(0);
  expect(await overflowOf(bo.page)).toBe(0);
});

it('who can still sign is reminded by hand once a day, with a mail that leads to the draft', async () => {
  draft = await openDraft(ada, project, sunriseFiles);
  const { page } = ada;
  await mailbox.take(bo.address, /needs your signature/);
  await page.getByText('Remind who can still sign').click();
  await page.getByText('bo: not reminded so far').waitFor();
  await page.getByRole('button', { name: 'Remind bo now' }).click();
  await page.getByText('By hand, each person is reminded at most once a day.').waitFor();
  await page.getByText('bo: last reminded').waitFor();
  const { text, links } = await mailbox.take(bo.address, /still needs your signature/);
  expect(text).toContain('ada asks you again to sign revision 1');
  expect(links.some((link) => link.includes('/d/'))).toBe(true);
  expect(await violationsOf(page)).toEqual([]);
});

it('who puts it off is left in peace, and the others are told that much', async () => {
  const { page } = bo;
  await page.goto(draft);
  await page.getByText('Not now: put reminders off, or mute the draft').click();
  await page.getByLabel('Not before a week from now').check();
  await page.getByRole('form', { name: 'Reminders of this draft' }).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Not now: put reminders off, or mute the draft').click();
  await page.getByText('You put reminders off until').waitFor();
  expect(await overflowOf(page)).toBe(0);
  await ada.page.goto(`${draft}/history`);
  expect(await ada.page.getByText('reminded bo').count()).toBeGreaterThan(0);
  expect(await ada.page.getByText('put reminders of').count()).toBe(0);
  await page.goto('/account/history');
  await page.getByText(`put reminders of the draft of ${project} 1.2.0 off until`).waitFor();
});
