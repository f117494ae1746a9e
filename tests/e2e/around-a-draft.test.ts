// What people do with a draft besides signing it: look at what changed and what the checks found, talk, try it, rebuild it; and where a release goes afterwards. Ada
// owns the project and looks with Chromium; Bo opened the draft and works without script. Every page is looked at by axe once.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../scripts/demo/checks.ts';
import { openBrowser, type Browsing } from '../../scripts/demo/chromium.ts';
import { openMailboxPage } from '../../scripts/demo/mailbox.ts';
import * as story from '../../scripts/demo/story.ts';
import { linkOf, readableText } from '../../scripts/demo/visitor.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { makeZip, metadataText, wheelFiles } from '../support/archives.ts';
import { makeSdist, makeWheel } from '../support/story.ts';
import { overflowOf, violationsOf } from './accessibility.ts';

const project = 'sunrise-demo';
const home = `/projects/${project}`;
const folder = mkdtempSync(path.join(tmpdir(), 'cs-e2e-'));
/** Where pictures of the pages go, wide and narrow, light and dark; nowhere, unless somebody wants to look at them. */
const pictures = process.env['PICTURES'];
const readme = '# Sunrise\n\nSee [the guide](https://example.org/guide). ![logo](https://example.org/logo.png)\n';

let instance: Instance;
let world: story.World;
let other: Server;
let [ada, bo] = [] as unknown as [story.Person, story.Person];
let browsing: Browsing;
let page: Page;
let draft = '';

/** A wheel with a Markdown description. */
function wheelOf(version: string, code: string, more: { needs?: string; files?: Record<string, string> } = {}) {
  const info = `sunrise_demo-${version}.dist-info`;
  const headers = `Description-Content-Type: text/markdown\n${more.needs ?? ''}\n\n${readme}`;
  const metadata = metadataText({ name: project, version, more: headers });
  const bytes = makeZip(wheelFiles({ files: { 'sunrise_demo/__init__.py': code, ...more.files }, info, metadata }));
  return { name: `sunrise_demo-${version}-py3-none-any.whl`, bytes };
}

/** Another index: takes wheels, has a bad day with everything else. */
const openOther = (): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const isWheel = /filename="[^"]+\.whl"/.test(Buffer.concat(chunks).toString('latin1'));
        res.writeHead(isWheel ? 200 : 400, isWheel ? 'OK' : 'No <b>sdists</b> today').end();
      });
    });
    server.listen(0, '127.0.0.1', () => resolve(server));
  });

const hostOf = (server: Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;

/** The browser as Ada. */
async function signIn(): Promise<void> {
  const cookies = [...ada.visitor.cookies].map(([name, value]) => ({ name, value, url: world.base }));
  await browsing.context.addCookies(cookies);
}

/** Once with axe; with pictures, also how it looks. */
async function lookAt(name: string): Promise<void> {
  expect([name, await violationsOf(page)]).toEqual([name, []]);
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  for (const width of [1200, 320])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      expect([name, width, await overflowOf(page)]).toEqual([name, width, 0]);
      await page.screenshot({ path: path.join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  await page.setViewportSize({ width: 1200, height: 900 });
}

/** Sent, and the page says so; the focus is not lost to whoever uses keys. */
async function press(button: Locator): Promise<void> {
  const words = await button.innerText();
  await button.click();
  await page.locator('#announcements').getByText(`${words}: done.`).waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY');
}

const section = (name: string | RegExp) => page.getByRole('region', { name });

beforeAll(async () => {
  other = await openOther();
  instance = await startInstance({
    dataFolder: path.join(folder, 'data'),
    port: await freePort(),
    env: { WEBHOOK_HOSTS: hostOf(other) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  world = { base: instance.publicUrl, mailbox: openMailboxPage(instance.publicUrl, instance.mailboxPath ?? '') };
  [ada, bo] = await Promise.all([story.arrive(world, 'ada'), story.arrive(world, 'bo')]);
  await Promise.all([story.registerKey(ada), story.registerKey(bo)]);
  await story.foundProject(ada, project, 1);
  await story.invite(world, ada, bo, project);
  await story.admitAll(ada, project, 2);
  const before = await story.openDraft(ada, project, [wheelOf('1.0.0', 'x = 1\n'), makeSdist(project, '1.0.0')]);
  await story.signOn(ada, before);
  [browsing] = await Promise.all([openBrowser(world.base), story.waitForDraft(ada, before, /Published on/)]);
  ({ page } = browsing);
  await signIn();
  const files = { 'sunrise.pth': 'import sunrise_demo\n', 'tests/__init__.py': '' };
  const wheel = wheelOf('1.1.0', 'x = 2\n', { needs: 'Requires-Dist: idna>=3\n', files });
  draft = await story.openDraft(bo, project, [wheel, makeSdist(project, '1.1.0')]);
}, 400_000);

afterAll(async () => {
  await browsing?.close();
  for (const person of [ada, bo]) await person?.gnupg.close();
  await instance?.end();
  other?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('beside the sign button', () => {
  it('stands what changed since the release before: dependencies and names first, then lines on a page of their own', async () => {
    await page.goto(draft);
    const places = page.getByRole('navigation', { name: 'On this page' }).getByRole('link');
    expect(await places.allInnerTexts()).toEqual(['Changes since 1.0.0', 'Checks: 2 warnings', 'Sign revision 1']);
    const lines = await page.getByRole('list', { name: 'What changed since 1.0.0' }).getByRole('listitem').all();
    const said = await Promise.all(lines.map((line) => line.innerText()));
    expect(said[0]).toMatch(/^New dependency: idna \(>=3\)/);
    expect(said.join('\n')).toContain('where it is read at every start of Python: sunrise.pth');
    await page.getByText('The description of this release').click();
    await page.getByRole('heading', { name: 'Sunrise', exact: true }).waitFor();
    expect(await page.locator('.description img').count()).toBe(0);
    await lookAt('draft');
    await page.getByRole('link', { name: 'Every file that changed, line by line' }).click();
    await page.getByRole('heading', { name: 'What changed', exact: true }).waitFor();
    expect(await page.title()).toContain(`What changed in ${project} 1.1.0`);
    const changed = page.getByRole('group', { name: 'Lines of sunrise_demo/__init__.py that differ' });
    expect(await changed.locator('del, ins').allInnerTexts()).toEqual(['− x = 1\n', '+ x = 2\n']);
    await lookAt('changes');
  });

  it('stands what the checks found; an owner sets one aside with a reason that others read', async () => {
    await page.goto(draft);
    const found = page.getByRole('list', { name: 'What the checks found' }).getByRole('listitem');
    const common = found.filter({ hasText: 'wheel.common-name' });
    await common.getByText('Set it aside, with the reason').click();
    await common.getByLabel('Why it is meant so').fill('The tests come along <i>on purpose</i>.');
    await press(common.getByRole('button', { name: 'Set it aside for this draft' }));
    expect(await found.allInnerTexts()).toEqual([expect.stringContaining('wheel.runs-at-start')]);
    await section(/^Checks: 1 warning$/).waitFor();
    const seen = readableText((await bo.visitor.get(draft)).html);
    expect(seen).toMatch(/Set aside by ada, .* UTC : “The tests come along <i>on purpose<\/i>\.”/);
  });
});

describe('people talk about it', () => {
  it('with comments that say which revision they are about, reach the others by mail, and can be struck', async () => {
    const box = page.getByLabel('Your comment', { exact: true });
    const comments = page.getByRole('list', { name: 'Comments, oldest first' }).getByRole('listitem');
    await box.fill('  ');
    await page.getByRole('button', { name: 'Comment on revision 1' }).click();
    await page.getByRole('alert').filter({ hasText: 'Please fill in: your comment.' }).waitFor();
    await box.fill('Why <b>idna</b>?\nSee https://example.org/why');
    await press(page.getByRole('button', { name: 'Comment on revision 1' }));
    expect(await comments.count()).toBe(1);
    expect(await box.inputValue()).toBe('');
    const { text, links } = await world.mailbox.take(bo.address, /1\.1\.0: ada commented/);
    expect(text).toContain('Why <b>idna</b>?');
    expect(links).toContain(`${world.base}${draft}#comments`);

    const change = await bo.visitor.get(draft);
    await bo.visitor.submit(change, 'Make revision 2', { files: [makeSdist(project, '1.1.0', 'x = 2\n')] });
    const answered = await bo.visitor.submit(await bo.visitor.get(draft), 'Comment on revision 2', {
      comment: 'Names.',
    });
    expect(readableText(answered.html)).toMatch(/ada , [^,]*, [^,]*, about revision 1/);
    await page.goto(draft);
    expect(await comments.nth(1).innerText()).not.toContain('about revision');
    await comments.first().getByText('Take it back').click();
    await press(comments.first().getByRole('button', { name: 'Take the comment back' }));
    expect(await comments.first().innerText()).toMatch(/, about revision 1; taken back .* UTC/);
    expect(await comments.first().locator('del').count()).toBe(1);
    expect(await comments.nth(1).getByText('Take it back').count()).toBe(0);
  });

  it('and with what they got when they built it: other digests with both, the same ones apart from the signatures', async () => {
    const own = makeWheel(project, '1.1.0', 'x = 3\n');
    await page.locator('summary', { hasText: 'I rebuilt it' }).click();
    await page.getByLabel('Their digests').fill('no digest');
    await page.getByLabel('How you built them').fill('python -m build');
    const state = page.getByRole('button', { name: 'State it for revision 2' });
    await state.click();
    await page.getByRole('form', { name: 'State what you got' }).getByText('Line 1 cannot be used').waitFor();
    const file = { name: own.name, mimeType: 'application/zip', buffer: own.bytes };
    await page.getByLabel('The files that you built').setInputFiles([file]);
    await page.getByText('1 of the files of this release is not the same.').waitFor();
    await press(state);
    const rebuilt = page.getByRole('list', { name: 'Who rebuilt the files' }).getByRole('listitem');
    expect(await rebuilt.innerText()).toMatch(/^\s*ada rebuilt 1 of 2 files and got another digest.*They got.*binds/s);
    await world.mailbox.take(bo.address, /ada rebuilt it and got other digests/);

    const shown = await bo.visitor.get(draft);
    const digests = new TextDecoder().decode(await bo.visitor.bytes(linkOf(shown, /^Download .*SHA256SUMS$/)));
    const form = { digests: digests.replaceAll(/^#.*\n/gm, ''), recipe: 'tox -e build' };
    const said = readableText((await bo.visitor.submit(shown, 'State it for revision 2', form)).html);
    expect(said).toContain('bo rebuilt all 2 files and got the same digests');
    expect(said).toContain('0 of 1 signed');
  });

  it('and try it at an address that its owner renews and ends', async () => {
    await page.goto(draft);
    const lines = section('Try it before you sign').locator('code[data-prompt]');
    const [command = ''] = await lines.allInnerTexts();
    const words = command.replaceAll("'", '').split(/\s+/).slice(2);
    const pip = ['-m', 'pip', '--disable-pip-version-check', 'download', '--no-cache-dir', ...words];
    const got = await ask('python3', pip, folder);
    expect(got.code, got.text).toBe(0);
    await page.getByText('Renew or end this address').click();
    await press(page.getByRole('button', { name: 'Make a new address, end this one' }));
    const address = words.find((word) => word.includes('/preview/')) ?? '';
    expect((await fetch(`${address}${project}/`)).status).toBe(404);
    expect(await lines.first().innerText()).not.toContain(address);
    await press(page.getByRole('button', { name: 'End this address' }));
    await section('Try it before you sign').getByText('ada ended the address').waitFor();
    expect(await lines.count()).toBe(0);
    await lookAt('talked');
  });

  it('all of which whoever is asked by mail reads without signing in', async () => {
    const { links } = await world.mailbox.take(ada.address, story.draftMail);
    await browsing.context.clearCookies();
    await page.goto(links.find((link) => link.includes('/d/')) ?? '');
    await page.getByRole('heading', { name: 'Sign revision 2' }).waitFor();
    const says = await page.locator('main').innerText();
    for (const one of [
      'New dependency: idna',
      'ada rebuilt 1 of 2',
      'bo rebuilt all 2',
      'ada ended the address',
      'Names.',
    ])
      expect(says).toContain(one);
    await lookAt('for-you');
    await signIn();
  });
});

describe('another index', () => {
  it('is set by an owner, and gets a release once it is published: the page says which file came and which did not', async () => {
    await page.goto(`${home}/elsewhere`);
    const set = page.getByRole('form', { name: 'Another index' });
    await set.getByLabel('Upload address').fill('http://index.example.org/legacy/');
    await set.getByLabel('Token or password').fill('open-sesame');
    await set.getByRole('button').click();
    await set.getByRole('alert').getByText('it must start with https://').waitFor();
    await set.getByLabel('Upload address').fill(`http://${hostOf(other)}/legacy/`);
    await set.getByRole('button').click();
    await page.getByRole('button', { name: 'Upload there no more' }).waitFor();
    expect(await page.content()).not.toContain('open-sesame');
    await story.signOn(ada, draft);
    await story.waitForDraft(ada, draft, /Published on/);
    const states = async (): Promise<string[]> => {
      await page.reload();
      return page.getByRole('table', { name: 'Files of 1.1.0' }).getByRole('row').allInnerTexts();
    };
    await expect
      .poll(states, { timeout: 60_000, interval: 500 })
      .toEqual([
        expect.stringMatching(/^File/),
        expect.stringMatching(/\.whl\s+There\s/),
        expect.stringMatching(/\.tar\.gz\s+Failed\s.*: 400 No sdists today/s),
      ]);
    await lookAt('elsewhere');
    await world.mailbox.take(ada.address, /tar\.gz is not at /);
    expect(readableText((await bo.visitor.get(`${home}/elsewhere`)).html)).not.toContain('Set it anew');
  });

  it('stands on the page of the release for its people, beside the description and what people rebuilt', async () => {
    await page.goto(`${home}/releases/1.1.0`);
    await page.locator('#elsewhere').getByText('There', { exact: true }).waitFor();
    await page.getByRole('heading', { name: 'Sunrise', exact: true }).waitFor();
    const rebuilt = page.getByRole('list', { name: 'Who rebuilt the files' }).getByRole('listitem');
    expect(await rebuilt.count()).toBe(2);
    await lookAt('release');
    const stranger = readableText(await (await fetch(`${world.base}${home}/releases/1.1.0`)).text());
    expect(stranger).toContain('bo rebuilt all 2 files');
    expect(stranger).not.toContain(hostOf(other));
  });
});

describe('for those who read and those who run it', () => {
  it('the documentation opens from the foot of every page, and its tables scroll in themselves', async () => {
    await page.getByRole('contentinfo').getByRole('link', { name: 'Documentation' }).click();
    await page.getByRole('heading', { name: 'Documentation', exact: true }).waitFor();
    await lookAt('docs');
    await page.getByRole('link', { name: 'Uploads by twine and uv', exact: true }).click();
    await page.getByRole('group', { name: 'Table' }).first().waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Addresses for programs', exact: true }).click();
    await page.waitForURL('**/docs/formats/api');
    await page.getByRole('heading', { name: 'Tokens', exact: true }).waitFor();
    await page.setViewportSize({ width: 320, height: 900 });
    expect(await overflowOf(page)).toBe(0);
    await lookAt('format');
    await page.setViewportSize({ width: 1200, height: 900 });
  });

  it('the page of whoever runs it says how everything stands, to those who have its address', async () => {
    await page.goto(instance.operatorPath ?? '');
    await page.getByRole('list', { name: 'How it stands' }).getByText('countersigner:').waitFor();
    await page.getByRole('heading', { name: 'Mail given up: 0' }).waitFor();
    await lookAt('operator');
    expect((await fetch(`${world.base}/operator/guessed`)).status).toBe(404);
    expect(browsing.complaints).toEqual([]);
  });
});
