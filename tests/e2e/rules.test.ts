// The rules of a project, in Chromium, against programs that really run: two owners raise the threshold and lower it again. What a change would do is
// on the page before it is proposed (with and without script) and before it is signed; pip, the client, gpg and sqv see what came of it.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pipDownload, verifyRelease } from '../../scripts/demo/checks.ts';
import { openSmtpMailbox, type Mailbox } from '../../scripts/demo/mailbox.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { overflowOf, violationsOf } from './accessibility.ts';
import { openPlayer, sign, type Player, type Stage } from './people.ts';
import { bringIn, enter, foundProject, openDraft, sunriseFiles } from './project.ts';

const project = 'sunrise-demo';
const home = `/projects/${project}`;
const folder = mkdtempSync(path.join(tmpdir(), 'cs-rules-'));

let instance: Instance;
let mailbox: Mailbox & { url: string };
let stage: Stage;
let ada: Player;
let bo: Player;
let chi: Player;

beforeAll(async () => {
  mailbox = await openSmtpMailbox();
  instance = await startInstance({
    ...{ dataFolder: path.join(folder, 'data'), port: await freePort(), env: { SMTP_URL: mailbox.url } },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  stage = { instance, mailbox };
  ada = await openPlayer(stage, 'ada');
  bo = await openPlayer(stage, 'bo', { javaScriptEnabled: false });
  chi = await openPlayer(stage, 'chi');
  await enter(stage, [ada, bo, chi]);
  await foundProject(ada, project, 2);
  await bringIn(stage, { owner: ada, guests: [bo, chi], project });
});

afterAll(async () => {
  for (const player of [ada, bo, chi]) {
    await player?.close();
    await player?.gnupg.close();
  }
  await instance?.end();
  await mailbox?.close();
  rmSync(folder, { recursive: true, force: true });
});

const countsOf = async ({ page }: Player): Promise<string> =>
  (
    await page
      .getByText(/^Owners \d of \d/)
      .first()
      .innerText()
  ).trim();

/** Signs the open policy; answers the counts that the page shows then. */
async function signPolicy(player: Player, version: number): Promise<string> {
  await player.page.goto(`${home}/policy/${version}`);
  await sign(player, 'upload');
  await player.page.getByText('You signed this policy.').waitFor();
  return countsOf(player);
}

const simplePage = async (): Promise<number> => (await fetch(`${instance.address}/simple/${project}/`)).status;

it('what a change would do follows what is typed, before anybody proposes it', async () => {
  const { page } = ada;
  await page.goto(`${home}/policy`);
  await page.getByRole('link', { name: 'Change the rules' }).click();
  await page.getByLabel('A release needs the signatures of').fill('3');
  await page.getByText('needs the signatures of 3 of 3 people.').waitFor();
  await page.getByText('one lost key stops every release').waitFor();
  await page.getByLabel('bo is').selectOption('owner');
  await page.getByLabel('A policy change needs the signatures of').fill('2');
  await page.getByText('needs the signatures of 2 of 2 owners.').waitFor();
  expect(await countsOf(ada)).toBe(
    'Owners 0 of 1; owners that it names 0 of 2; it weakens the rules, so 2 more of 2 people must sign.',
  );
  expect(await violationsOf(page)).toEqual([]);
  await page.setViewportSize({ width: 320, height: 900 });
  expect(await overflowOf(page)).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1200, height: 900 });
  await page.getByRole('button', { name: 'Propose policy 3' }).click();
  await page.waitForURL(`**${home}/policy/3`);
});

it('it comes into force with both owners, the new one too', async () => {
  await sign(ada, 'upload');
  await ada.page.getByText('You signed this policy.').waitFor();
  expect(await countsOf(ada)).toBe(
    'Owners 1 of 1; owners that it names 1 of 2; it weakens the rules, so 1 more of 2 people must sign.',
  );
  await bo.page.goto(`${home}/policy/3`);
  await sign(bo, 'upload');
  await bo.page.getByText('These are the rules now.').waitFor();
});

it('two signatures are not enough for a release now, and pip finds nothing', async () => {
  const draft = await openDraft(ada, project, sunriseFiles);
  for (const player of [ada, bo]) {
    await player.page.goto(draft);
    await sign(player, 'upload');
    await player.page
      .getByText(/\d of 3 signed/)
      .first()
      .waitFor();
  }
  expect(await simplePage()).toBe(404);
});

it('lowering is previewed without script, needs both owners and three people, and completes the draft', async () => {
  const { page } = bo;
  await page.goto(`${home}/policy/change`);
  await page.getByLabel('A release needs the signatures of').fill('2');
  await page.getByRole('button', { name: 'Show what it does' }).click();
  await page.getByText('it would have 2 of 2 and be complete at once').waitFor();
  await page.getByText('A release would need fewer people.').waitFor();
  await page.getByRole('button', { name: 'Propose policy 4' }).click();
  await page.waitForURL(/\/policy\/4(?:#.*)?$/); // without script the fragment of the form goes along
  expect(await signPolicy(bo, 4)).toBe('Owners 1 of 2; it weakens the rules, so 2 more of 3 people must sign.');
  expect(await signPolicy(ada, 4)).toBe('Owners 2 of 2; it weakens the rules, so 1 more of 3 people must sign.');
  expect(await violationsOf(ada.page)).toEqual([]);
  expect(await simplePage()).toBe(404);
  await chi.page.goto(`${home}/policy/4`);
  await sign(chi, 'upload');
  await chi.page.getByText('These are the rules now.').waitFor();
  await expect.poll(simplePage, { timeout: 60_000, interval: 250 }).toBe(200);
});

it('pip downloads the release, and the client counts two people by policy 4', async () => {
  const downloaded = await pipDownload(instance.publicUrl, project, folder, 'wheel');
  expect(downloaded.code, downloaded.text).toBe(0);
  const verified = await verifyRelease(`${instance.address}/simple/`, `${project}==1.2.0`, folder);
  expect(verified.code, verified.text).toBe(0);
});

it('every version can be checked with curl, gpg and sqv as the page says', async () => {
  const { page } = chi;
  await page.goto(`${home}/policy`);
  await page.getByRole('link', { name: 'What each changed, and how to check it' }).click();
  await page.getByRole('heading', { name: 'All policies' }).waitFor();
  expect(await violationsOf(page)).toEqual([]);
  for (const version of [4, 3, 2, 1]) {
    await page.getByText(`Check policy ${version} without us`).click();
    const commands = await page.locator(`#policy-${version} pre`).allInnerTexts();
    expect(commands.length).toBeGreaterThanOrEqual(5);
    const empty = mkdtempSync(path.join(folder, 'check-'));
    for (const command of commands) await promisify(execFile)('bash', ['-ec', command], { cwd: empty });
  }
});
