// A whole release without a browser but for the tokens: CI uploads, two people sign with their own gpg, CI waits, everybody verifies. The programs run as
// they are built; tokens are made on their pages.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type Browsing } from '../../scripts/demo/chromium.ts';
import { verifyRelease } from '../../scripts/demo/checks.ts';
import { openMailboxPage } from '../../scripts/demo/mailbox.ts';
import * as story from '../../scripts/demo/story.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { root } from '../../scripts/processes.mjs';
import { makeSdist, makeWheel } from '../support/story.ts';
import { overflowOf, violationsOf } from './accessibility.ts';

const project = 'sunrise-demo';
const folder = mkdtempSync(path.join(tmpdir(), 'cs-e2e-line-'));

let instance: Instance;
let [ada, bo] = [] as unknown as [story.Person, story.Person];

beforeAll(async () => {
  instance = await startInstance({
    dataFolder: path.join(folder, 'data'),
    port: await freePort(),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const world = { base: instance.publicUrl, mailbox: openMailboxPage(instance.publicUrl, instance.mailboxPath ?? '') };
  ada = await story.arrive(world, 'ada');
  bo = await story.arrive(world, 'bo');
  for (const person of [ada, bo]) await story.registerKey(person);
  await story.foundProject(ada, project, 2);
  await story.invite(world, ada, bo, project);
  await story.admitAll(ada, project, 2);
  // The agent of a person at a keyboard would ask for it.
  for (const { gnupg } of [ada, bo])
    writeFileSync(path.join(gnupg.home, 'gpg.conf'), `batch\npinentry-mode loopback\npassphrase ${gnupg.passphrase}\n`);
}, 400_000);

afterAll(async () => {
  for (const person of [ada, bo]) await person?.gnupg.close();
  await instance?.end();
  rmSync(folder, { recursive: true, force: true });
});

async function browserOf(person: story.Person, look = {}): Promise<Browsing> {
  const opened = await openBrowser(instance.publicUrl, look);
  const cookies = [...person.visitor.cookies].map(([name, value]) => ({ name, value, url: instance.publicUrl }));
  await opened.context.addCookies(cookies);
  return opened;
}

/** Makes a token on its page and answers it, as it is shown this one time. */
async function makeToken(
  person: story.Person,
  address: string,
  choices: readonly string[],
  look = {},
): Promise<string> {
  const browsing = await browserOf(person, look);
  const { page } = browsing;
  await page.goto(address);
  const form = page.getByRole('form', { name: 'Make a token' });
  await form.getByLabel('What it is for').fill(`the machine of ${person.name}`);
  for (const choice of choices) await form.getByLabel(choice).check();
  await form.getByRole('button', { name: /^Make (?:a|the) token$/ }).click();
  const token = await page.getByRole('status').filter({ hasText: 'The token is made' }).locator('pre').innerText();
  await page.reload();
  expect(await page.content()).not.toContain(token);
  expect(browsing.complaints).toEqual([]);
  await browsing.close();
  return token.trim();
}

type Ended = { code: number | null; out: string; err: string };

/** Runs the command as this person would: own GnuPG, own place for what the client keeps. */
function countersign(words: readonly string[], env: Record<string, string>, input = ''): Promise<Ended> {
  const child = spawn(process.execPath, [path.join(root, '.build', 'cli.mjs'), ...words], {
    env: { ...process.env, COUNTERSIGN_INDEX: instance.publicUrl, ...env },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (part: Buffer) => (said.out += String(part)));
  child.stderr.on('data', (part: Buffer) => (said.err += String(part)));
  child.stdin.end(input);
  return new Promise((ended) => child.on('close', (code) => ended({ code, ...said })));
}
const machineOf = ({ name, gnupg }: story.Person): Record<string, string> => ({
  ...{ GNUPGHOME: gnupg.home, COUNTERSIGN_HOME: path.join(folder, name) },
});

describe('a release from the command line', () => {
  it('goes from CI over two people to everybody', async () => {
    const ci = {
      COUNTERSIGN_TOKEN: await makeToken(bo, `/projects/${project}/programs`, ['Open drafts and add files as well']),
    };
    const files = [makeWheel(project, '2.0.0'), makeSdist(project, '2.0.0')].map(({ name, bytes }) => {
      writeFileSync(path.join(folder, name), bytes);
      return path.join(folder, name);
    });
    const opened = await countersign(['upload', ...files, '--project', project], ci);
    expect(opened).toMatchObject({ code: 0 });
    expect(opened.out).toContain(`Opened the draft of ${project} 2.0.0, revision 1.\n`);
    // CI cannot sign, whatever key it has.
    const stolen = { ...ci, GNUPGHOME: bo.gnupg.home };
    expect((await countersign(['sign', `${project}==2.0.0`, '--yes'], stolen)).code).toBe(2);

    const waiting = countersign(['wait', `${project}==2.0.0`, '--index', instance.publicUrl, '--timeout', '200'], ci);
    for (const [person, look] of [
      [ada, {}],
      [bo, { javaScriptEnabled: false }],
    ] as const) {
      const token = await makeToken(person, '/account/tokens', [], look);
      const machine = machineOf(person);
      const kept = await countersign(['token'], machine, `${token}\n`);
      expect(kept).toMatchObject({ code: 0, err: '' });
      expect(kept.out).toContain(` of ${person.name} (queue, sign; all projects) is kept for ${instance.publicUrl}/`);
      expect((await countersign(['queue'], machine)).out).toContain(`${project} 2.0.0, revision 1, opened by bo`);
      expect(await countersign(['sign', `${project}==2.0.0`], machine)).toMatchObject({ code: 4 });
      const signed = await countersign(['sign', `${project}==2.0.0`, '--files', folder, '--yes'], machine);
      expect(signed).toMatchObject({ code: 0 });
      expect(signed.out).toContain(`Signed by ${person.name}, over revision 1.\n`);
      expect((await countersign(['queue'], machine)).out).toBe(`Nothing needs the signature of ${person.name}.\n`);
    }
    expect(await waiting).toMatchObject({ code: 0, out: `${project} 2.0.0: published\n` });
    const verified = await verifyRelease(instance.publicUrl, `${project}==2.0.0`, folder);
    expect(verified.code, verified.text).toBe(0);
  });

  it.each([1200, 320].flatMap((width) => (['light', 'dark'] as const).map((scheme) => ({ width, scheme }))))(
    'has a page of tokens that fits and can be read by everybody ($width px, $scheme)',
    async ({ width, scheme }) => {
      const looking = await browserOf(ada, { width, colorScheme: scheme });
      await looking.page.goto('/account/tokens');
      await looking.page
        .getByRole('cell', { name: 'the machine of ada' })
        .or(looking.page.getByText('the machine of ada'))
        .first()
        .waitFor();
      expect(await violationsOf(looking.page)).toEqual([]);
      expect(await overflowOf(looking.page)).toBe(0);
      expect(looking.complaints).toEqual([]);
      await looking.close();
    },
  );

  it('ends for a token at once when it is revoked on its page', async () => {
    const browsing = await browserOf(ada);
    await browsing.page.goto('/account/tokens');
    await browsing.page.getByRole('button', { name: 'Revoke' }).first().click();
    await browsing.page.getByText('Revoked').first().waitFor();
    await browsing.close();
    const after = await countersign(['queue'], machineOf(ada));
    expect(after).toMatchObject({ code: 2, out: '' });
    expect(after.err).toContain('(api.unknown-token)');
  });
});
