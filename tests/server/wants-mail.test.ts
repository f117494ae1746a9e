// Who gets which mail, and when: decided where it is queued, by what the person chose.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAccountName, readDraftId, readProjectName, readVersion } from '#lib/core/ids.ts';
import type { MailEvent } from '#lib/core/mail-topics.ts';
import { change } from '#lib/server/change.ts';
import { readMailAddress } from '#lib/server/mail/address.ts';
import { draftWaitsLetter } from '#lib/server/mail/letters/draft-waits.ts';
import { readUnsubscribeToken, unsubscribeLink } from '#lib/server/mail/unsubscribe-link.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makeWorld, type World } from '../support/story.ts';

let world: TestRuntime;
let story: World;
let draft: string;
const bo = readAccountName('bo');

beforeAll(async () => {
  world = await openTestRuntime();
  story = await makeWorld();
  draft = (await makeDraft(story.ada, story.project)).draft;
});
afterAll(() => world.close());
beforeEach(async () => {
  world.setTime('2026-11-22T09:00:00Z');
  for (const table of ['mail', 'digestItem', 'mailChoice', 'mailHours', 'draftSilence'] as const)
    await (world.db[table] as { deleteMany(): Promise<unknown> }).deleteMany();
});

const letter = (event: MailEvent) => ({
  ...draftWaitsLetter({
    ...{ project: readProjectName(story.project), version: readVersion('1.0'), draft: readDraftId(draft) },
    ...{ signedBy: [bo], until: new Date('2026-11-23T09:00:00Z') },
  }),
  event,
});

const queue = (event: MailEvent = 'draft.waits') =>
  change({ kind: 'jobs' }, 'jobs', async ({ record, mail }) => {
    await record('draft.waits');
    await mail({ address: readMailAddress('bo@example.org'), person: bo }, letter(event));
  });

const choose = (delivery: string, projectName = '*', topic = 'draft-news') =>
  world.db.mailChoice.create({ data: { personName: 'bo', projectName, topic, delivery } });

const queued = async () => ({ mails: await world.db.mail.findMany(), daily: await world.db.digestItem.findMany() });

describe('a mail that can be switched off', () => {
  it('goes out at once where nobody chose anything, with both ways out in it', async () => {
    await queue();
    const { mails } = await queued();
    expect(mails).toHaveLength(1);
    const [mail] = mails;
    const link = unsubscribeLink({ person: bo, project: readProjectName(story.project), topic: 'draft-news' });
    expect(mail?.nextAt).toEqual(world.clock.now());
    expect(mail?.projectName).toBe(story.project);
    expect(mail?.headers).toMatchObject({
      'List-Unsubscribe': `<${link}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
    expect(mail?.text).toContain(`Change what you get: https://sign.example.org/account/mail\n`);
    expect(mail?.text).toContain(`No more mail like this: ${link}\n`);
    expect(mail?.html).toContain(link);
  });

  it('does not exist for whoever switched it off', async () => {
    await choose('off');
    await queue();
    expect(await queued()).toEqual({ mails: [], daily: [] });
  });

  it('waits for the daily mail, with the page it leads to', async () => {
    await choose('daily');
    await queue();
    const { mails, daily } = await queued();
    expect(mails).toEqual([]);
    expect(daily).toMatchObject([
      {
        ...{ personName: 'bo', projectName: story.project, draftId: draft, event: 'draft.waits' },
        link: `https://sign.example.org/drafts/${draft}`,
      },
    ]);
  });

  it('follows the choice for its project before the one for all', async () => {
    await choose('off');
    await choose('at-once', story.project);
    await choose('daily', 'another');
    await queue();
    expect((await queued()).mails).toHaveLength(1);
  });

  it('of a muted draft does not exist', async () => {
    await world.db.draftSilence.create({ data: { draftId: draft, personName: 'bo', setAt: world.clock.now() } });
    await queue();
    expect(await queued()).toEqual({ mails: [], daily: [] });
  });

  it('waits in the quiet hours until they are over', async () => {
    const hours = { timeZone: 'Europe/Berlin', quietFrom: 22, quietTo: 7, digestHour: 8 };
    await world.db.mailHours.create({ data: { personName: 'bo', ...hours } });
    world.setTime('2026-11-22T23:30:00Z');
    await queue();
    expect((await queued()).mails[0]?.nextAt).toEqual(new Date('2026-11-23T06:00:00Z'));
  });
});

describe('a mail that protects people', () => {
  it.each(['policy.opened', 'key.added', 'sign-in', 'release.quarantined'] as const)(
    '%s goes out at once whatever was chosen, muted or quiet, and offers no way out',
    async (event) => {
      for (const topic of ['draft-news', event, 'policy', 'keys']) await choose('off', '*', topic);
      await world.db.draftSilence.create({ data: { draftId: draft, personName: 'bo', setAt: world.clock.now() } });
      const hours = { timeZone: 'UTC', quietFrom: 8, quietTo: 20, digestHour: 8 };
      await world.db.mailHours.create({ data: { personName: 'bo', ...hours } });
      await queue(event);
      const [mail] = (await queued()).mails;
      expect(mail?.nextAt).toEqual(world.clock.now());
      expect(mail?.headers).not.toHaveProperty('List-Unsubscribe');
      expect(mail?.text).not.toContain('unsubscribe');
    },
  );
});

describe('a link that switches mail off', () => {
  const named = { person: bo, project: readProjectName('requests'), topic: 'published' } as const;
  const tokenOf = (link: string) => link.slice(link.lastIndexOf('/') + 1);

  it('says what it is for, to us and to nobody who changes it', () => {
    const token = tokenOf(unsubscribeLink(named));
    expect(readUnsubscribeToken(token)).toEqual(named);
    const all = { ...named, project: null, topic: 'daily' } as const;
    expect(readUnsubscribeToken(tokenOf(unsubscribeLink(all)))).toEqual(all);
    const [body = '', seal = ''] = token.split('.');
    const forAda = Buffer.from('ada requests published').toString('base64url');
    const changed = [`${forAda}.${seal}`, `${body}.${'A'.repeat(43)}`, `${body}.`, body, '', `${token}A`, `.${seal}`];
    for (const claimed of changed) expect([claimed, readUnsubscribeToken(claimed)]).toEqual([claimed, null]);
  });

  it('is of one instance: another secret, another seal', () => {
    const token = tokenOf(unsubscribeLink(named));
    const { session } = world.secrets;
    world.secrets.session = 'another-secret-of-another-instance';
    expect(readUnsubscribeToken(token)).toBeNull();
    world.secrets.session = session;
  });
});
