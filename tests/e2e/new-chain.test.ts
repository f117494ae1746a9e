// A project that lost too many keys starts a new chain, in Chromium, against programs that really run: Bo has lost the only key without which policy 2
// cannot be changed. Ada begins anew, the operator confirms the document at the countersigner, and pip and the client see a release by the new rules.
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
const folder = mkdtempSync(path.join(tmpdir(), 'cs-chain-'));
const dataFolder = path.join(folder, 'data');

let instance: Instance;
let mailbox: Mailbox & { url: string };
let stage: Stage;
let ada: Player;
let bo: Player;

beforeAll(async () => {
  mailbox = await openSmtpMailbox();
  instance = await startInstance({
    ...{ dataFolder, port: await freePort(), env: { SMTP_URL: mailbox.url } },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  stage = { instance, mailbox };
  ada = await openPlayer(stage, 'ada');
  bo = await openPlayer(stage, 'bo');
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

/** What the operator runs at the countersigner, as the page shows it. */
async function runShownCommand(shown: string): Promise<void> {
  const [program = '', ...parameters] = shown.trim().split(/\s+/);
  expect(program).toBe('node');
  const env = { ...process.env, STATE_DIR: path.join(dataFolder, 'countersigner') };
  await promisify(execFile)(process.execPath, parameters, { env });
}

it('a project whose keys still suffice is told that it needs no new chain', async () => {
  await ada.page.goto(`/projects/${project}/policy/new-chain`);
  await ada.page.getByText('Enough people of policy 2 can still sign.').waitFor();
  expect(await ada.page.getByRole('button', { name: 'Propose the new chain' }).count()).toBe(0);
});

it('when too many keys are lost, its policy leads to the page that begins a new chain, and everybody is told', async () => {
  await bo.page.goto(`/account/keys/${bo.gnupg.fingerprint}`);
  await bo.page.getByText('It is lost, and you cannot revoke it').click();
  await bo.page.getByLabel('Type lost to confirm').fill('lost');
  await bo.page.getByRole('button', { name: 'This key is lost' }).click();
  await bo.page.getByText('This key is lost.').waitFor();
  await ada.page.goto(`/projects/${project}/policy`);
  await ada.page.getByRole('link', { name: 'a new chain' }).click();
  await ada.page.getByLabel(`Type ${project} to confirm`).waitFor();
  expect(await violationsOf(ada.page)).toEqual([]);
  await ada.page.setViewportSize({ width: 320, height: 900 });
  expect(await overflowOf(ada.page)).toBeLessThanOrEqual(0);
  await ada.page.setViewportSize({ width: 1200, height: 900 });
  await ada.page.getByLabel('Publishing needs').fill('1');
  await ada.page.getByLabel(`Type ${project} to confirm`).fill(project);
  await ada.page.getByRole('button', { name: 'Propose the new chain' }).click();
  await ada.page.waitForURL(`**/projects/${project}/policy/3`);
  const { text } = await mailbox.take(bo.address, /wants to begin a new chain/);
  expect(text).toContain('withdraw it on its page');
});

it('it waits for the operator of the countersigner, and is in force once they confirmed this very document', async () => {
  await sign(ada, 'upload');
  await ada.page.getByText('Now it waits for whoever keeps the countersigner.').waitFor();
  expect((await fetch(`${instance.address}/evidence/${project}/policy/3.json`)).status).toBe(404);
  await runShownCommand(await ada.page.locator('pre', { hasText: 'accept-chain' }).innerText());
  await expect
    .poll(async () => (await fetch(`${instance.address}/evidence/${project}/policy/3.json`)).status, {
      ...{ timeout: 60_000, interval: 250 },
    })
    .toBe(200);
  await ada.page.goto(`/projects/${project}/policy`);
  await ada.page.getByText('With policy 3 a new chain began.').waitFor();
  expect(await violationsOf(ada.page)).toEqual([]);
});

it('it publishes by its new rules: pip finds the release, and the client says that a new chain began', async () => {
  await openDraft(ada, project, sunriseFiles);
  await sign(ada, 'upload');
  const page = () => fetch(`${instance.address}/simple/${project}/`);
  await expect.poll(async () => (await page()).status, { timeout: 60_000, interval: 250 }).toBe(200);
  const downloaded = await pipDownload(instance.publicUrl, project, folder, 'wheel');
  expect(downloaded.code, downloaded.text).toBe(0);
  const verified = await verifyRelease(`${instance.address}/simple/`, `${project}==1.2.0`, folder);
  expect(verified.code, verified.text).toBe(0);
  expect(verified.text).toContain('A new chain began with policy 3');
});
