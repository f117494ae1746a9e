// The whole story of a release in Chromium, against programs that really run: three people, two of whom must sign. Ada signs in her browser;
// Bo opens the draft; Chi's browser runs no script at all. Mail goes through a real SMTP server. The steps build on each other.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { ask, fetchInto, gpgVerify, makeVenv, pipDownload, pipInstall, type Said } from '../../scripts/demo/checks.ts';
import { openBrowser } from '../../scripts/demo/chromium.ts';
import { openSmtpMailbox, type Mailbox } from '../../scripts/demo/mailbox.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { overflowOf, violationsOf } from './accessibility.ts';
import { confirmKey, openPlayer, registerKey, sign, signIn, type Player, type Stage } from './people.ts';

const project = 'sunrise-demo';
const files = ['sunrise_demo-1.2.0-py3-none-any.whl', 'sunrise_demo-1.2.0.tar.gz'];
const vectors = path.resolve('tests/vectors/python');
const folder = mkdtempSync(path.join(tmpdir(), 'cs-e2e-'));
const looks = [1200, 320].flatMap((width) => (['light', 'dark'] as const).map((scheme) => ({ width, scheme })));

let instance: Instance;
let mailbox: Mailbox & { url: string };
let stage: Stage;
let [ada, bo, chi] = [] as unknown as [Player, Player, Player];
let draft = '';
let invitation = '';

const simplePage = () => fetch(`${instance.address}/simple/${project}/`);
const people = () => [ada, bo, chi];

/** The page of the newest entry of a project’s history, below its address. */
async function entryOf(page: Player['page'], home: string): Promise<string> {
  await page.goto(`${home}/history`);
  const link = page.getByRole('listitem').getByRole('link', { name: /UTC$/ }).first();
  return (await link.getAttribute('href'))?.replace(home, '') ?? '';
}

beforeAll(async () => {
  mailbox = await openSmtpMailbox();
  const env = { SMTP_URL: mailbox.url };
  const stdio = ['ignore', 'ignore', 'inherit'] as const;
  instance = await startInstance({
    dataFolder: path.join(folder, 'data'),
    port: await freePort(),
    env,
    stdio: [...stdio],
  });
  stage = { instance, mailbox };
  ada = await openPlayer(stage, 'ada');
  bo = await openPlayer(stage, 'bo');
  chi = await openPlayer(stage, 'chi', { javaScriptEnabled: false });
});

// A step that follows a failed one would only wait for what cannot come.
let brokenAt: string | null = null;
beforeEach(({ task }) => {
  if (brokenAt !== null) throw new Error(`The story broke off at “${brokenAt}”.`);
  onTestFailed(async () => {
    if (brokenAt !== null) return;
    brokenAt = task.name;
    // What everybody saw at that moment is worth more than a line number.
    mkdirSync('test-results', { recursive: true });
    for (const { name, page, complaints } of people()) {
      await page.screenshot({ path: `test-results/${name}.png`, fullPage: true });
      const text = await page.locator('body').innerText();
      process.stderr.write(`\n── ${name} at ${page.url()}\n${complaints.join('\n')}\n${text.slice(0, 1500)}\n`);
    }
  });
});

afterAll(async () => {
  for (const player of people()) {
    await player?.close();
    await player?.gnupg.close();
  }
  await instance?.end();
  await mailbox?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a release by three people, two of whom must sign', () => {
  it('lets people in by the button behind a mailed link, and nobody by opening the link', async () => {
    for (const player of people()) await signIn(stage, player);
    await ada.page.getByRole('heading', { name: 'Welcome, ada' }).waitFor();
  });

  it('refuses a private key that is pasted as a public one before a byte of it is sent', async () => {
    const secret = await ada.gnupg.privateKey();
    const before = ada.sent.length;
    await ada.page.goto('/account/keys/new');
    await ada.page.getByLabel('Or paste the public key').fill(secret);
    await ada.page.getByRole('button', { name: 'Add this key' }).click();
    await ada.page
      .getByRole('alert')
      .filter({ hasText: /private/i })
      .waitFor();
    expect(ada.sent.slice(before).join('\n')).not.toContain(secret.split('\n')[3]);
  });

  it('takes a key from each person and its proof: in the page, and without script by an uploaded signature', async () => {
    for (const player of people()) await registerKey(player);
  });

  it('says in words that a passphrase is wrong, and sends nothing', async () => {
    const { page, gnupg } = ada;
    await page.goto('/projects/new');
    await page.getByLabel('Name of the project').fill('Sunrise_Demo');
    await page.getByRole('button', { name: 'Create the project' }).click();
    await page.waitForURL(`**/projects/${project}/policy/1`);
    await sign({ ...ada, gnupg: { ...gnupg, passphrase: 'not this one' } });
    await page
      .getByRole('alert')
      .filter({ hasText: /passphrase/i })
      .waitFor();
    expect(ada.sent.join('\n')).not.toContain('not this one');
  });

  it('brings the first policy into force with its founder’s signature, though nobody can publish yet', async () => {
    await ada.page.goto(`/projects/${project}/policy/1`);
    await sign(ada);
    await ada.page.getByText('These are the rules now.').waitFor();
  });

  it('adds invited people through a policy that their owner signs', async () => {
    for (const guest of [bo, chi]) {
      await ada.page.goto(`/projects/${project}/people`);
      await ada.page.getByRole('form', { name: 'Invite somebody' }).getByLabel('Mail address').fill(guest.address);
      await ada.page.getByRole('button', { name: 'Send the invitation' }).click();
      await ada.page.getByText(guest.address).first().waitFor();
      const { links } = await mailbox.take(guest.address, /invit/i);
      invitation = links.find((link) => link.includes('/invitations/')) ?? '';
      await guest.page.goto(invitation);
      await guest.page.getByRole('button', { name: `Accept and join ${project}` }).click();
      await guest.page.waitForURL((url) => !url.pathname.startsWith('/invitations/'));
      await confirmKey(ada, { name: guest.name, fingerprint: guest.gnupg.fingerprint }, project);
    }
    await ada.page.goto(`/projects/${project}/people`);
    await ada.page.getByRole('button', { name: 'Propose policy 2', exact: true }).click();
    await ada.page.waitForURL(`**/projects/${project}/policy/2`);
    await sign(ada, 'upload');
    await ada.page.getByText('These are the rules now.').waitFor();
  });

  it('opens a draft with a real wheel and sdist', async () => {
    await bo.page.goto(`/projects/${project}/drafts/new`);
    await bo.page.locator('input[type=file]').setInputFiles(files.map((name) => path.join(vectors, name)));
    await bo.page.getByRole('list', { name: 'Recognised files' }).waitFor();
    await bo.page.getByRole('button', { name: 'Open the draft' }).click();
    await bo.page.waitForURL(/\/drafts\/[0-9a-f]{12}$/);
    draft = new URL(bo.page.url()).pathname;
    await bo.page.getByText('0 of 2 signed').waitFor();
  });

  it('has nothing in the index at one signature', async () => {
    const { links, text } = await mailbox.take(ada.address, /1\.2\.0 needs your signature/);
    await ada.page.goto(links.find((link) => link.includes('/d/')) ?? '');
    await ada.page.waitForURL(instance.publicUrl + draft.replace('/drafts/', '/for-you/'));
    await ada.page.goto(draft);
    const digest = await ada.page.locator('.digest-large').innerText();
    expect(text.replaceAll(/\s/g, '')).toContain(digest.replaceAll(/[^0-9a-f]/g, '').slice(0, 64));
    await sign(ada);
    await ada.page.getByText('You signed this revision.').waitFor();
    await ada.page.getByText('1 of 2 signed').waitFor();
    expect((await simplePage()).status).toBe(404);
    expect((await pipDownload(instance.publicUrl, project, folder, 'wheel')).code).not.toBe(0);
  });

  it.each(looks)('has pages without a finding of axe, that fit, at $width px in $scheme', async ({ width, scheme }) => {
    const { page } = bo;
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    const keys = ['/account/keys', '/account/keys/new', `/account/keys/${bo.gnupg.fingerprint}`];
    const account = ['/', '/account', '/account/history', '/account/history?kind=keys', ...keys];
    const home = `/projects/${project}`;
    const history = [
      '/history',
      '/history?kind=signatures',
      '/history?kind=refusals&person=bo',
      await entryOf(page, home),
    ];
    const inside = ['', '/people', '/policy', '/policy/1', ...history, '/drafts/new'].map((place) => home + place);
    const found: string[] = [];
    for (const place of [
      ...account,
      '/projects/new',
      ...inside,
      draft,
      `${draft}/history`,
      `${draft}/changes`,
      invitation,
      '/sign-in',
      '/nowhere',
    ]) {
      await page.goto(place);
      found.push(...(await violationsOf(page)).map((violation) => `${place}: ${violation}`));
      const overflow = await overflowOf(page);
      if (overflow > 0) found.push(`${place}: ${overflow} px too wide`);
    }
    await page.setViewportSize({ width: 1200, height: 900 });
    expect(found).toEqual([]);
  });

  it('waits visibly, and stays out of the index, while the countersigner is stopped', async () => {
    await instance.stopCountersigner();
    const { links } = await mailbox.take(chi.address, /1\.2\.0 needs your signature/);
    await chi.page.goto(links.find((link) => link.includes('/d/')) ?? '');
    await chi.page.getByRole('link', { name: 'Sign in this browser' }).click();
    await chi.page.waitForURL(`${instance.publicUrl}${draft}#sign`);
    await sign(chi);
    await chi.page.getByText('2 of 2 signed').waitFor();
    await chi.page.getByText('Approved, awaiting countersignature').first().waitFor();
    expect((await simplePage()).status).toBe(404);
  });

  it('is published by the countersigner, which decides from the raw evidence', async () => {
    instance.startCountersigner();
    await expect.poll(async () => (await simplePage()).status, { timeout: 60_000, interval: 250 }).toBe(200);
    await bo.page.goto(draft);
    await bo.page.getByText('Published on').waitFor();
    for (const player of people()) await mailbox.take(player.address, /published/i);
  });

  it('is installed by pip from the wheel and from the sdist', async () => {
    const venv = await makeVenv(folder);
    for (const kind of ['wheel', 'sdist'] as const) {
      const installed = await pipInstall(venv, instance.publicUrl, project, kind);
      expect(installed.code, installed.text).toBe(0);
      expect((await ask(venv, ['-c', 'import sunrise_demo; print(sunrise_demo.__name__)'], folder)).text).toContain(
        'sunrise_demo',
      );
    }
  });

  it('is accepted by gpg, sqv and sha256sum as it is served', async () => {
    const check = path.join(folder, 'check');
    mkdirSync(check);
    const evidence = `${instance.address}/evidence/${project}/releases/1.2.0`;
    for (const name of ['SHA256SUMS', 'SHA256SUMS.asc']) await fetchInto(check, `${evidence}/${name}`, name);
    for (const { name, gnupg } of [ada, chi])
      await fetchInto(check, `${instance.address}/keys/${gnupg.fingerprint}.asc`, `${name}.asc`);
    for (const kind of ['wheel', 'sdist'] as const)
      expect((await pipDownload(instance.publicUrl, project, check, kind)).code).toBe(0);
    const gpg = await gpgVerify(['ada.asc', 'chi.asc'], 'SHA256SUMS.asc', 'SHA256SUMS', check);
    const keys = ['--keyring', 'ada.asc', '--keyring', 'chi.asc'];
    const sqv = await ask('sqv', ['-n', '2', ...keys, 'SHA256SUMS.asc', 'SHA256SUMS'], check);
    expect(gpg.good, gpg.text).toBe(2);
    expect(sqv.code, sqv.text).toBe(0);
    expect((await ask('sha256sum', ['-c', '--strict', 'SHA256SUMS'], check)).code).toBe(0);
    expect(readdirSync(check)).toEqual(expect.arrayContaining(files));
  });

  it('is checked by a stranger with the commands of the public page, as they stand there, one after the other', async () => {
    const stranger = await openBrowser(instance.publicUrl);
    await stranger.page.goto(`/projects/${project}`);
    await stranger.page.getByText('Signed by ada and chi under policy 2.').waitFor();
    expect(await violationsOf(stranger.page)).toEqual([]);
    const commands = await stranger.page.locator('#check code[data-prompt]').allInnerTexts();
    await stranger.close();
    const alone = path.join(folder, 'stranger');
    mkdirSync(path.join(alone, 'bin'), { recursive: true });
    const ours = `#!/bin/sh\nexec ${process.execPath} ${path.resolve('.build/cli.mjs')} "$@"\n`;
    writeFileSync(path.join(alone, 'bin', 'countersign'), ours, { mode: 0o755 });
    const PATH = `${path.join(alone, 'bin')}:${process.env['PATH'] ?? ''}`;
    const env = { GNUPGHOME: alone, COUNTERSIGN_HOME: path.join(alone, 'trust'), PATH };
    const run = (command: string) => ask('sh', ['-c', command], alone, env);
    /** Our client ends with 4 until the fingerprints that it shows, of the index and of its people, are given. */
    const runComparing = async (command: string, times = 2): Promise<Said> => {
      const said = await run(command);
      const shown = /^Given on the command line: (--\S+ \S+)/m.exec(said.text)?.[1];
      return said.code === 4 && times > 0 ? runComparing(`${command} ${shown}`, times - 1) : said;
    };
    for (const command of commands) {
      const said = await runComparing(command);
      expect(said.code, `${command}\n${said.text}`).toBe(0);
      if (command.startsWith('gpgv')) expect(said.text.match(/Good signature/g)).toHaveLength(2);
    }
    const tools = commands.map((command) => command.split(' ')[0]);
    expect(tools).toEqual(['curl', 'curl', 'gpg', 'gpg', 'gpgv', 'sqv', 'curl', 'sha256sum', 'countersign']);
  });

  it('stands in the history: for its people with every step, for everybody else with rules and releases', async () => {
    const { page } = chi;
    await page.goto(`/projects/${project}/history`);
    const timeline = page.getByRole('list', { name: `History of ${project}, newest first` });
    for (const sentence of [
      'ada signed revision 1',
      'chi signed revision 1',
      'published the release, signed by ada and chi',
    ])
      await timeline.getByText(sentence).first().waitFor();
    await page.getByText('Filter').click();
    await page.getByLabel('What').selectOption('Rules');
    await page.getByRole('button', { name: 'Show these' }).click();
    await timeline.getByText('put policy 2 in force, signed by ada').waitFor();
    expect(await timeline.getByText('signed revision 1').count()).toBe(0);
    const lines = async (address: string, context = page.context()) =>
      (await (await context.request.get(address)).text()).trim().split('\n').length;
    const file = `/projects/${project}/history.jsonl`;
    const stranger = await openBrowser(instance.publicUrl, { javaScriptEnabled: false });
    await stranger.page.goto(`/projects/${project}/history`);
    await stranger.page.getByText('published the release, signed by ada and chi').waitFor();
    expect(await stranger.page.getByText(/signed revision|opened the draft/).count()).toBe(0);
    expect(await lines(file, stranger.context)).toBeLessThan(await lines(file));
    await stranger.close();
  });

  it('caused no violation of a page’s policy and no script error', () => {
    for (const player of people()) expect(player.complaints, player.name).toEqual([]);
  });

  it('left no byte of private key or passphrase in what was sent, nor in what stayed on the disk of the browser', async () => {
    const secret = await ada.gnupg.privateKey();
    const lines = secret.split('\n').filter((line) => /^[A-Za-z0-9+/=]{40,}$/.test(line));
    expect(lines.length).toBeGreaterThan(2);
    const traffic = ada.sent.join('\n');
    const profile = await ada.closeAndReadProfile();
    for (const piece of [...lines, ada.gnupg.passphrase, encodeURIComponent(ada.gnupg.passphrase)]) {
      expect(traffic.includes(piece)).toBe(false);
      expect(profile.includes(Buffer.from(piece))).toBe(false);
      expect(profile.includes(Buffer.from(piece, 'utf16le'))).toBe(false);
    }
  });
});
