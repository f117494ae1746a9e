// What mail comes is chosen on a page and switched off by the link of a mail, with and without script; the owner and the operator see what bounced.
// People and mails are made by the commands on the database that the running program has open too.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mailTopics } from '#lib/core/mail-topics.ts';
import { readConfig } from '#lib/server/config.ts';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';
import { openBrowser, type Browsing, type Look } from '../../scripts/demo/chromium.ts';
import { openPostgresForTests } from '../../scripts/postgres.mjs';
import { makeDraft, makeWorld, type TestPerson, type World } from '../support/story.ts';
import { startWebProgram, type RunningProgram } from '../support/web-program.ts';
import { overflowOf, violationsOf } from './accessibility.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cs-mail-'));
let postgres: { url: string; close: () => Promise<void> };
let program: RunningProgram;
let runtime: Runtime;
let world: World;
let browsing: Browsing | null = null;

beforeAll(async () => {
  postgres = await openPostgresForTests();
  program = await startWebProgram(path.join(folder, 'data'), postgres.url);
  runtime = await openRuntime(readConfig(program.environment));
  world = await makeWorld();
  await makeDraft(world.ada, world.project);
  const failed = { failedAt: new Date(), failure: 'refused', lastError: '550 5.1.1 no such mailbox', attempts: 1 };
  await runtime.db.mail.updateMany({ where: { toPerson: 'bo', event: 'draft.opened' }, data: failed });
});
afterEach(() => browsing?.close());
afterAll(async () => {
  await program?.end();
  await runtime?.close();
  await postgres?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A browser, signed in as this person or as nobody. */
async function open(person: TestPerson | null, look: Look): Promise<Page> {
  browsing = await openBrowser(program.publicUrl, look);
  if (person === null) return browsing.page;
  const token = randomUUID();
  const [now, hour] = [Date.now(), 3_600_000];
  const at = (hours: number) => new Date(now + hours * hour);
  const session = { personName: person.actor.name, createdAt: at(-1), expiresAt: at(1), freshUntil: at(1) };
  await runtime.db.session.create({ data: { tokenHash: hashToken(token), ...session } });
  await browsing.context.addCookies([{ name: sessionCookieName(), value: token, url: program.publicUrl }]);
  return browsing.page;
}

async function expectGood(page: Page): Promise<void> {
  expect(await overflowOf(page)).toBe(0);
  expect(await violationsOf(page)).toEqual([]);
}

const unsubscribeLink = async (): Promise<string> => {
  const { text } = await runtime.db.mail.findFirstOrThrow({ where: { toPerson: 'bo', event: 'draft.opened' } });
  return /https?:\S+\/unsubscribe\/\S+/.exec(text)?.[0] ?? '';
};
const choices = async () =>
  (await runtime.db.mailChoice.findMany({ orderBy: [{ projectName: 'asc' }, { topic: 'asc' }] })).map(
    ({ projectName, topic, delivery }) => `${projectName} ${topic} ${delivery}`,
  );

describe.each<[string, Look]>([
  ['with script', {}],
  ['without script', { javaScriptEnabled: false }],
])('%s', (_, look) => {
  it('somebody chooses what comes, for all projects and for one, and when', async () => {
    await runtime.db.mailChoice.deleteMany();
    await runtime.db.mailHours.deleteMany();
    const page = await open(world.bo, look);
    await page.goto('/account');
    await page.getByRole('link', { name: 'your mail', exact: true }).click();
    await page.getByRole('radio', { name: 'A release is published: In the daily mail' }).check();
    await page.getByRole('button', { name: 'Save what comes' }).click();
    await page.getByText('Saved.').waitFor();
    await page.getByLabel('Your time zone').selectOption('Europe/Berlin');
    await page.getByLabel('Quiet from').selectOption('22:00');
    await page.getByRole('button', { name: 'Save the hours' }).click();
    await page.getByText('Quiet hours need a beginning and an end').waitFor();
    await page.getByLabel('Your time zone').selectOption('Europe/Berlin');
    await page.getByLabel('Quiet from').selectOption('22:00');
    await page.getByLabel('Quiet until').selectOption('07:00');
    await page.getByRole('button', { name: 'Save the hours' }).click();
    await page.getByText('Saved.').waitFor();
    await page.getByRole('link', { name: world.project, exact: true }).click();
    await page.getByRole('radio', { name: 'A release is published: Not at all' }).check();
    await page.getByRole('button', { name: 'Save for this project' }).click();
    await page.getByText('Saved.').waitFor();
    expect(await choices()).toContain('* published daily');
    expect(await choices()).toContain(`${world.project} published off`);
    expect(await runtime.db.mailHours.findFirstOrThrow()).toMatchObject({ timeZone: 'Europe/Berlin', quietTo: 7 });
  });

  it('somebody who is not signed in switches a mail off by its link, and is told what still comes', async () => {
    await runtime.db.mailChoice.deleteMany();
    const page = await open(null, look);
    await page.goto(await unsubscribeLink());
    await page.getByRole('heading', { name: 'Switch mail off?' }).waitFor();
    expect(await choices()).toEqual([]);
    await page.getByRole('button', { name: 'Switch it off' }).click();
    await page.getByRole('heading', { name: 'It is switched off' }).waitFor();
    expect(await choices()).toEqual([`${world.project} needs-signature off`]);
    await page.getByText('A release is published: at once').waitFor();
    await page.getByRole('button', { name: `Switch off all of it of ${world.project}` }).click();
    await page.getByText('Nothing else of').waitFor();
    expect(await choices()).toHaveLength(Object.keys(mailTopics).length);
    expect(await browsing?.context.cookies()).toEqual([]);
  });
});

describe.each<[string, Look]>([
  ['wide and light', {}],
  ['narrow and dark', { width: 320, colorScheme: 'dark' }],
])('%s', (_, look) => {
  it('the pages about mail fit and can be used by everybody', async () => {
    await runtime.db.mailChoice.deleteMany();
    const page = await open(world.bo, look);
    for (const place of ['/account/mail', `/account/mail/${world.project}`, await unsubscribeLink()]) {
      await page.goto(place);
      await expectGood(page);
    }
  });

  it('the owner sees whose mail bounced, and the operator what waits and what was given up', async () => {
    const page = await open(world.ada, look);
    await page.goto(`/projects/${world.project}/people`);
    await page.getByText('Mail to bo bounced once.').waitFor();
    expect(await page.content()).not.toContain('no such mailbox');
    await expectGood(page);
    await page.goto(`/operator/${runtime.secrets.operator}`);
    await page.getByText('550 5.1.1 no such mailbox').waitFor();
    await expectGood(page);
  });
});
