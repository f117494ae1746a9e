// Switching mail off by the link of a mail, over real HTTP: what mail programs send (RFC 8058), what scanners do, what our page posts.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAccountName, readProjectName } from '#lib/core/ids.ts';
import { mailTopics } from '#lib/core/mail-topics.ts';
import { unsubscribeLink, type Unsubscribed } from '#lib/server/mail/unsubscribe-link.ts';
import { unsubscribePage } from '#lib/server/queries/unsubscribe-page.ts';
import { unsubscribeRoute } from '#web/unsubscribe.ts';
import { serveRoutes, type RouteServer } from '../support/route-server.ts';
import { expectRefusal, takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeWorld, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let server: RouteServer;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
  server = await serveRoutes(unsubscribeRoute);
});
afterAll(async () => {
  await server.stop();
  await runtime.close();
});
beforeEach(async () => {
  await runtime.db.mailChoice.deleteMany();
  await runtime.db.digestItem.deleteMany();
});

const pathOf = (what: Partial<Unsubscribed> = {}): string =>
  new URL(
    unsubscribeLink({
      person: readAccountName('bo'),
      project: readProjectName(world.project),
      topic: 'published',
      ...what,
    }),
  ).pathname;
const tokenOf = (path: string): string => path.slice('/unsubscribe/'.length);

const post = (path: string, body: BodyInit | null, headers: Record<string, string> = {}) =>
  fetch(server.base + path, { method: 'POST', body, headers, redirect: 'manual' });
const oneClick = (more: Record<string, string> = {}) =>
  new URLSearchParams({ 'List-Unsubscribe': 'One-Click', ...more });

const choices = async () =>
  (await runtime.db.mailChoice.findMany({ orderBy: { topic: 'asc' } })).map(
    ({ personName, projectName, topic, delivery }) => `${personName} ${projectName} ${topic} ${delivery}`,
  );

describe('the button of a mail program', () => {
  it('switches this mail off without cookie or origin, and is answered with a line and no redirect', async () => {
    const answer = await post(pathOf(), oneClick());
    expect([answer.status, answer.headers.get('location')]).toEqual([200, null]);
    expect(await answer.text()).toMatch(/^Switched off\./);
    expect(await choices()).toEqual([`bo ${world.project} published off`]);
    expect(answer.headers.get('set-cookie')).toBeNull();
    const [entry] = await runtime.db.historyEntry.findMany({ where: { kind: 'mail.switched-off' } });
    expect(entry).toMatchObject({ actor: '(visitor)', personName: 'bo', via: 'link' });
  });

  it('may send a multipart form as well, and may send it twice', async () => {
    const body = new FormData();
    body.set('List-Unsubscribe', 'One-Click');
    for (const again of [body, body]) expect((await post(pathOf(), again)).status).toBe(200);
    expect(await choices()).toEqual([`bo ${world.project} published off`]);
  });

  it('that sends something else changes nothing', async () => {
    const before = await takePicture();
    const bodies = [null, '', 'List-Unsubscribe=Yes', 'x'.repeat(100_000), '{"List-Unsubscribe":"One-Click"}'];
    const types = [
      'application/x-www-form-urlencoded',
      'text/plain',
      'multipart/form-data; boundary=x',
      'multipart/form-data',
    ];
    for (const body of bodies)
      for (const type of types) {
        const { status } = await post(pathOf(), body, { 'content-type': type });
        expect([400, 413]).toContain(status);
      }
    expect(await takePicture()).toEqual(before);
  });
});

describe('our page', () => {
  it('posts the same and comes back to itself', async () => {
    const answer = await post(pathOf(), oneClick({ from: 'page' }));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, pathOf()]);
    const page = await unsubscribePage(tokenOf(pathOf()));
    expect(page).toMatchObject({ person: 'bo', project: world.project, isOff: true });
    expect(page.still.map(({ comes }) => comes)).toEqual(page.still.map(() => 'at-once'));
    expect(page.still).toHaveLength(Object.keys(mailTopics).length - 1);
  });

  it('switches off everything of the project that can be switched off, and says that nothing of it is left', async () => {
    await post(pathOf(), oneClick({ from: 'page', all: 'yes' }));
    expect(await choices()).toHaveLength(Object.keys(mailTopics).length);
    expect((await unsubscribePage(tokenOf(pathOf()))).still).toEqual([]);
  });
});

describe('a daily mail', () => {
  it('is switched off with everything that was chosen to come in it, and what waits for it is gone', async () => {
    const daily = pathOf({ topic: 'daily', project: null });
    const own = { personName: 'bo', delivery: 'daily' };
    await runtime.db.mailChoice.create({ data: { ...own, projectName: '*', topic: 'published' } });
    await runtime.db.mailChoice.create({ data: { ...own, projectName: world.project, topic: 'declared' } });
    await runtime.db.mailChoice.create({ data: { ...own, personName: 'ada', projectName: '*', topic: 'declared' } });
    const item = { event: 'release.published', subject: 'x', createdAt: runtime.clock.now() };
    await runtime.db.digestItem.create({ data: { id: '1', personName: 'bo', ...item } });
    expect((await unsubscribePage(tokenOf(daily))).isOff).toBe(false);
    expect((await post(daily, oneClick())).status).toBe(200);
    expect((await choices()).sort()).toEqual(
      ['ada * declared daily', `bo ${world.project} declared off`, 'bo * published off'].sort(),
    );
    expect(await runtime.db.digestItem.count()).toBe(0);
    expect((await unsubscribePage(tokenOf(daily))).isOff).toBe(true);
  });
});

describe('a link that switches mail off', () => {
  it('changes nothing when it is opened, however often a scanner asks', async () => {
    const before = await takePicture();
    for (let asked = 0; asked < 100; asked += 1) {
      const method = asked % 2 === 0 ? 'GET' : 'HEAD';
      expect((await fetch(server.base + pathOf(), { method })).status).toBe(299); // left to the page
      await unsubscribePage(tokenOf(pathOf()));
    }
    expect(await takePicture()).toEqual(before);
  });

  it('is of one person: changed, cut, or of an account that is not there, it switches nothing off', async () => {
    const forAda = Buffer.from(`ada ${world.project} published`).toString('base64url');
    const [, seal = ''] = tokenOf(pathOf()).split('.');
    const nobody = pathOf({ person: readAccountName('nobody') });
    const before = await takePicture();
    for (const path of [`/unsubscribe/${forAda}.${seal}`, pathOf().slice(0, -1), '/unsubscribe/x', nobody])
      expect([path, (await post(path, oneClick())).status]).toEqual([path, 404]);
    expect(await takePicture()).toEqual(before);
    await expectRefusal(() => unsubscribePage(tokenOf(nobody)), 'mail.link-unusable');
  });
});
