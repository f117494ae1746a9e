// What an owner declares of a release and of the project, ending in what pip and the client see: declined and lifted, yanked and taken back,
// quarantined and active again. One owner, whose signature is enough, so that the story is about the declarations.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { pipDownload, verifyRelease } from '../../scripts/demo/checks.ts';
import { openSmtpMailbox, type Mailbox } from '../../scripts/demo/mailbox.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { makeZip, metadataText, wheelFiles } from '../support/archives.ts';
import { overflowOf, violationsOf } from './accessibility.ts';
import { openPlayer, sign, type Player, type Stage } from './people.ts';
import { enter, foundProject } from './project.ts';

const project = 'lantern';
const reason = 'loses data on Python 3.14';
const folder = mkdtempSync(path.join(tmpdir(), 'cs-yank-'));

let instance: Instance;
let mailbox: Mailbox & { url: string };
let stage: Stage;
let ada: Player;

const wheelName = (version: string) => `lantern-${version}-py3-none-any.whl`;
function wheelOf(version: string): { name: string; mimeType: string; buffer: Buffer } {
  const files = wheelFiles({
    ...{ files: { 'lantern/__init__.py': '' }, info: `lantern-${version}.dist-info` },
    metadata: metadataText({ name: project, version }).replace('Requires-Python: >=3.9\n', ''),
  });
  return { name: wheelName(version), mimeType: 'application/zip', buffer: makeZip(files) };
}

/** Which version pip chooses by itself, or for this requirement; null: none. And what it says. */
async function pipChoice(wanted = project): Promise<{ version: string | null; text: string }> {
  const place = mkdtempSync(path.join(folder, 'pip-'));
  const { text } = await pipDownload(instance.publicUrl, wanted, place, 'wheel');
  const version = ['1.0.0', '1.1.0'].find((one) => existsSync(path.join(place, wheelName(one))));
  return { version: version ?? null, text };
}
const eventually = (wanted: string | null) =>
  expect.poll(async () => (await pipChoice()).version, { timeout: 90_000, interval: 1000 }).toBe(wanted);

const verify = (version: string) => verifyRelease(`${instance.publicUrl}/simple/`, `${project}==${version}`, folder);

async function openDraft(version: string): Promise<string> {
  await ada.page.goto(`/projects/${project}/drafts/new`);
  await ada.page.locator('input[type=file]').setInputFiles(wheelOf(version));
  await ada.page.getByRole('list', { name: 'Recognised files' }).waitFor();
  await ada.page.getByRole('button', { name: 'Open the draft' }).click();
  await ada.page.waitForURL(/\/drafts\/[0-9a-f]{12}$/);
  return new URL(ada.page.url()).pathname;
}

async function prepareAndSign(button: string, way: 'browser' | 'upload'): Promise<void> {
  await ada.page.getByLabel('Reason').fill(reason);
  await ada.page.getByRole('button', { name: button }).click();
  await ada.page.getByRole('heading', { name: /What you sign/ }).waitFor();
  await sign(ada, way);
  await ada.page.getByText('waits for the countersigner').waitFor();
}

beforeAll(async () => {
  mailbox = await openSmtpMailbox();
  instance = await startInstance({
    dataFolder: path.join(folder, 'data'),
    port: await freePort(),
    env: { SMTP_URL: mailbox.url },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  stage = { instance, mailbox };
  ada = await openPlayer(stage, 'ada');
});

// A step that follows a failed one would only wait for what cannot come.
let brokenAt: string | null = null;
beforeEach(({ task }) => {
  if (brokenAt !== null) throw new Error(`The story broke off at “${brokenAt}”.`);
  onTestFailed(async () => {
    brokenAt = task.name;
    mkdirSync('test-results', { recursive: true });
    await ada.page.screenshot({ path: 'test-results/yank.png', fullPage: true });
    const text = await ada.page.locator('body').innerText();
    process.stderr.write(`\n── ada at ${ada.page.url()}\n${ada.complaints.join('\n')}\n${text.slice(0, 1500)}\n`);
  });
});

afterAll(async () => {
  await ada?.close();
  await ada?.gnupg.close();
  await instance?.end();
  await mailbox?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('what an owner declares', () => {
  it('is about a project with two releases, of which pip takes the newer', async () => {
    await enter(stage, [ada]);
    await foundProject(ada, project, 1);
    await openDraft('1.0.0');
    await sign(ada, 'upload');
    await eventually('1.0.0');
  });

  it('a draft that is declined is not published though everybody signed, until the decline is lifted', async () => {
    const draft = await openDraft('1.1.0');
    await ada.page.getByText('Decline it, with the reason').click();
    await ada.page.getByLabel('Why it should not be published').fill('the tests have not run');
    await ada.page.getByRole('button', { name: 'Decline revision 1' }).click();
    await ada.page.getByText('ada declined this draft.').waitFor();
    await sign(ada, 'upload');
    await ada.page.getByText('1 of 1 signed').waitFor();
    expect((await pipChoice()).version).toBe('1.0.0');
    await ada.page.goto(draft);
    expect(await violationsOf(ada.page)).toEqual([]);
    await ada.page.getByRole('button', { name: 'Lift the decline of ada' }).click();
    await eventually('1.1.0');
    await ada.page.goto(draft);
  });

  it('a yank, signed in the page, makes pip pass the release over, unless exactly this version is asked for', async () => {
    await ada.page.getByRole('link', { name: 'Yank 1.1.0' }).click();
    await prepareAndSign('Prepare the yank of 1.1.0', 'browser');
    await eventually('1.0.0');
    const pinned = await pipChoice(`${project}==1.1.0`);
    expect(pinned.version).toBe('1.1.0');
    expect(pinned.text).toContain(reason);
  });

  it('a yank is told by the client, by the page of the release, and in mail', async () => {
    const said = await verify('1.1.0');
    expect(said.code, said.text).toBe(0);
    expect(said.text).toContain(`It is yanked, as its owner ada declared: “${reason}”`);
    await ada.page.goto(`/projects/${project}`);
    await ada.page.getByText('Yanked', { exact: true }).waitFor();
    const { text } = await mailbox.take(ada.address, /yank of 1\.1\.0 is in force/);
    expect(text).toContain(reason);
  });

  it.each([1200, 320])('its page has no finding of axe and fits at %i px', async (width) => {
    await ada.page.setViewportSize({ width, height: 900 });
    for (const place of ['yank/1.1.0', 'status']) {
      await ada.page.goto(`/projects/${project}/declare/${place}`);
      expect(await violationsOf(ada.page)).toEqual([]);
      expect(await overflowOf(ada.page)).toBe(0);
    }
    await ada.page.setViewportSize({ width: 1200, height: 900 });
  });

  it('an unyank, signed with gpg and uploaded, brings it back', async () => {
    await ada.page.goto(`/projects/${project}/declare/yank/1.1.0`);
    await prepareAndSign('Prepare the unyank of 1.1.0', 'upload');
    await eventually('1.1.0');
    expect((await verify('1.1.0')).text).not.toContain('yanked');
  });

  it('a quarantined project offers nothing to pip, and the client refuses it by name', async () => {
    await ada.page.goto(`/projects/${project}/declare/status`);
    await ada.page.getByLabel('Quarantined').check();
    await prepareAndSign('Prepare the status', 'upload');
    await eventually(null);
    const said = await verify('1.0.0');
    expect(said.code).toBe(1);
    expect(said.text).toContain('quarantined as a whole, as its owner ada declared');
    expect((await ada.page.goto(`/projects/${project}/drafts/new`))?.status()).toBe(404);
  });

  it('an active one is offered again', async () => {
    await ada.page.goto(`/projects/${project}/declare/status`);
    await ada.page.getByLabel('Active').check();
    await prepareAndSign('Prepare the status', 'upload');
    await eventually('1.1.0');
  });

  it('caused no violation of a page’s policy and no script error', () => {
    expect(ada.complaints).toEqual([]);
  });
});
