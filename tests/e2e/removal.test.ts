// A maintainer leaves. Ada owns a project of three with a release that Bo signed and a draft that he signed. She removes him on one page: what is
// published stays as it is for pip and for our command line; the draft loses his signature at once. People act through forms that need no
// script; the browser looks at the pages and fills in the removal as a person would. Then it turns out that he went rogue: he is struck, the release is
// quarantined everywhere, and Chi brings it back by signing it again. The steps build on each other.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { pipDownload, verifyRelease, type Said } from '../../scripts/demo/checks.ts';
import { openBrowser, type Browsing } from '../../scripts/demo/chromium.ts';
import { openMailboxPage } from '../../scripts/demo/mailbox.ts';
import * as story from '../../scripts/demo/story.ts';
import { readableText } from '../../scripts/demo/visitor.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { makeZip, metadataText, wheelFiles } from '../support/archives.ts';
import { overflowOf, violationsOf } from './accessibility.ts';

const project = 'sunrise-demo';
const wheel = 'sunrise_demo-1.2.0-py3-none-any.whl';
const vectors = path.resolve('tests/vectors/python');
const folder = mkdtempSync(path.join(tmpdir(), 'cs-e2e-'));
const looks = [1200, 320].flatMap((width) => (['light', 'dark'] as const).map((scheme) => ({ width, scheme })));
const people = `/projects/${project}/people`;

let instance: Instance;
let world: story.World;
let [ada, bo, chi] = [] as unknown as [story.Person, story.Person, story.Person];
let [release, draft] = ['', ''];
let browser: Browsing;

/** A wheel of a later version. */
function laterWheel(version: string) {
  const files = wheelFiles({
    files: { 'sunrise_demo/__init__.py': 'x = 1\n' },
    info: `sunrise_demo-${version}.dist-info`,
    metadata: metadataText({ name: project, version }),
  });
  return { name: `sunrise_demo-${version}-py3-none-any.whl`, bytes: new Uint8Array(makeZip(files)) };
}

const verify = (): Promise<Said> => verifyRelease(instance.publicUrl, `${project}==1.2.0`, folder);
const textOf = async (person: story.Person, address: string): Promise<string> =>
  readableText((await person.visitor.get(address)).html);
/** Until the countersigner has put this version of the policy into the index. */
const untilServed = (version: number) =>
  expect
    .poll(async () => (await fetch(`${instance.address}/evidence/${project}/policy/${version}.json`)).status, {
      timeout: 60_000,
      interval: 250,
    })
    .toBe(200);

beforeAll(async () => {
  instance = await startInstance({
    dataFolder: path.join(folder, 'data'),
    port: await freePort(),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  world = { base: instance.publicUrl, mailbox: openMailboxPage(instance.publicUrl, instance.mailboxPath ?? '') };
  [ada, bo, chi] = [
    await story.arrive(world, 'ada'),
    await story.arrive(world, 'bo'),
    await story.arrive(world, 'chi'),
  ];
  for (const person of [ada, bo, chi]) await story.registerKey(person);
  await story.foundProject(ada, project, 2);
  for (const guest of [bo, chi]) await story.invite(world, ada, guest, project);
  await story.admitAll(ada, project, 2);
  const bytes = new Uint8Array(readFileSync(path.join(vectors, wheel)));
  release = await story.openDraft(ada, project, [{ name: wheel, bytes }]);
  await story.signOn(ada, release);
  await story.signOn(bo, release);
  await story.waitForDraft(ada, release, /Published on/);
  draft = await story.openDraft(chi, project, [laterWheel('1.3.0')]);
  await story.signOn(bo, draft);
  browser = await openBrowser(instance.publicUrl);
  const url = instance.publicUrl;
  await browser.context.addCookies([...ada.visitor.cookies].map(([name, value]) => ({ name, value, url })));
}, 400_000);

// A step that follows a failed one would only wait for what cannot come.
let brokenAt: string | null = null;
beforeEach(({ task }) => {
  if (brokenAt !== null) throw new Error(`The story broke off at “${brokenAt}”.`);
  onTestFailed(async () => {
    if (brokenAt !== null) return;
    brokenAt = task.name;
    mkdirSync('test-results', { recursive: true });
    await browser.page.screenshot({ path: 'test-results/removal.png', fullPage: true });
    const text = await browser.page.locator('body').innerText();
    process.stderr.write(`\n── ${browser.page.url()}\n${browser.complaints.join('\n')}\n${text.slice(0, 2500)}\n`);
  });
});

afterAll(async () => {
  await browser?.close();
  for (const person of [ada, bo, chi]) await person?.gnupg.close();
  await instance?.end();
  rmSync(folder, { recursive: true, force: true });
});

/** Signs the policy that the browser has just proposed, as everybody signs a policy. */
async function signProposal(version: number, ...signers: story.Person[]): Promise<void> {
  await browser.page.waitForURL(`**/projects/${project}/policy/${version}`);
  for (const person of signers) await story.signOn(person, `/projects/${project}/policy/${version}`);
  await untilServed(version);
}

async function proposeWithName(button: string | RegExp, name: string): Promise<void> {
  await browser.page.getByLabel(`To go on, type the name ${name}`).fill(name);
  await browser.page.getByRole('button', { name: button }).click();
}

describe('a maintainer who is retired', () => {
  it('is removed on a page that says first what it does to each draft and release', async () => {
    const { page } = browser;
    await page.goto(people);
    await page.getByRole('link', { name: 'Remove bo' }).click();
    await page.getByRole('heading', { name: 'Remove bo', level: 1 }).waitFor();
    const does = page.getByRole('list', { name: 'What it does to open drafts' });
    expect(await does.innerText()).toContain('1.3.0 has 1 of 2 signatures; it would have 0 of 2');
    await page.getByText('No release loses a signature.').waitFor();
    await page.getByText('None falls: every release keeps as many signatures as it needs.').waitFor();
  });

  it('says what another answer would do as soon as it is chosen', async () => {
    const { page } = browser;
    await page.getByLabel('Struck altogether').check();
    await page.getByText('Say why bo is struck').waitFor();
    await page.getByLabel('The reason (only for striking)').fill('to see what it would do');
    await page.getByRole('group', { name: 'Release 1.2.0' }).waitFor();
    await page.getByLabel('Retired').check();
    await page.getByText('No release loses a signature.').waitFor();
  });

  it.each(looks)('has pages without a finding of axe, that fit, at $width px in $scheme', async ({ width, scheme }) => {
    const { page } = browser;
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    const strike = `${people}/remove/bo?threshold=2&ownerThreshold=1&how=strike-all&reason=rogue`;
    const found: string[] = [];
    for (const place of [people, `${people}/leave`, strike, `${people}/remove/bo`]) {
      await page.goto(place);
      found.push(...(await violationsOf(page)).map((violation) => `${place}: ${violation}`));
      const overflow = await overflowOf(page);
      if (overflow > 0) found.push(`${place}: ${overflow} px too wide`);
    }
    await page.setViewportSize({ width: 1200, height: 900 });
    expect(found).toEqual([]);
  });

  it('stays until the name is typed as it stands there', async () => {
    const { visitor } = ada;
    const form = await visitor.get(`${people}/remove/bo`);
    const refused = await visitor.submit(form, 'Propose policy 3 without bo', { typed: 'Bo' });
    expect(readableText(refused.html)).toContain('Nothing was changed. To go on, type bo');
    await proposeWithName('Propose policy 3 without bo', 'bo');
    await signProposal(3, ada);
  });

  it('loses their signature on the open draft, and sees nothing of the project with the next request', async () => {
    expect(await textOf(chi, draft)).toContain('0 of 2 signed');
    expect((await bo.visitor.get(draft)).status).toBe(404);
    expect((await bo.visitor.get('/')).html).not.toContain('1.3.0');
    const { text } = await world.mailbox.take(bo.address, /no longer sign/);
    expect(text).toContain('What you signed keeps counting in what is published.');
    expect(await textOf(ada, people)).toMatch(/Retired bo Retired What was signed with this key before keeps counting/);
  });

  it('leaves every release that they signed as it was, for pip and for our command line', async () => {
    expect((await pipDownload(instance.publicUrl, project, folder, 'wheel')).code).toBe(0);
    const said = await verify();
    expect(said.code, said.text).toBe(0);
  });
});

describe('a maintainer who is struck after all', () => {
  it('is struck on the same page, with a reason and what becomes of each release that falls', async () => {
    const { page } = browser;
    await page.goto(people);
    await page.getByRole('link', { name: 'Strike bo after all' }).click();
    await page.getByRole('heading', { name: 'Strike bo', level: 1 }).waitFor();
    await page.getByLabel('The reason (only for striking)').fill('he went rogue');
    await page.getByRole('button', { name: 'Show what it does' }).click();
    const fate = page.getByRole('group', { name: 'Release 1.2.0' });
    expect(await fate.getByLabel('Ask the others to sign it again').isChecked()).toBe(true);
    expect(await violationsOf(page)).toEqual([]);
    await proposeWithName('Propose policy 4 striking bo', 'bo');
    await signProposal(4, ada);
  });

  it('takes the release out of the index: page, pip and command line say the same reason, and the files are kept', async () => {
    const reason = '1 of 2 signatures count: bo was struck by the owners.';
    await story.waitForDraft(ada, release, /Quarantined/);
    expect(await textOf(chi, release)).toContain(reason);
    expect(
      (await fetch(`${instance.address}/projects/${project}`).then((answer) => answer.text())).includes(reason),
    ).toBe(true);
    await expect
      .poll(async () => (await pipDownload(instance.publicUrl, project, folder, 'wheel')).code, { timeout: 60_000 })
      .not.toBe(0);
    const said = await verify();
    expect([said.code, said.text]).toEqual([1, expect.stringContaining(reason)]);
    const digest = createHash('sha256')
      .update(readFileSync(path.join(vectors, wheel)))
      .digest('hex');
    const kept = `/files/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest}/${wheel}`;
    expect((await fetch(`${instance.address}${kept}`)).status).toBe(200);
    expect(await textOf(ada, people)).toContain('Reason: he went rogue');
  });

  it('does not stop the others from bringing it back: who was asked by mail signs it again, and the next record is published', async () => {
    const { links, text } = await world.mailbox.take(chi.address, /1\.2\.0 is quarantined/);
    expect(text.replace(/\s+/g, ' ')).toContain('You are one of those who can sign it');
    const asked = links.find((link) => new URL(link).pathname === release);
    expect(asked).toBeDefined();
    await story.signOn(chi, release);
    await expect.poll(async () => (await verify()).text, { timeout: 60_000 }).toMatch(/signed by +chi/);
    await story.waitForDraft(ada, release, /Published on/);
    expect(await textOf(chi, release)).not.toContain('Quarantined: out of the index');
    expect((await verify()).code).toBe(0);
    expect((await pipDownload(instance.publicUrl, project, folder, 'wheel')).code).toBe(0);
    const record = await fetch(`${instance.address}/evidence/${project}/releases/1.2.0/3.json`);
    expect(((await record.json()) as { state: string }).state).toBe('published');
  });

  it('caused no violation of a page’s policy and no script error', () => {
    expect(browser.complaints).toEqual([]);
  });
});
