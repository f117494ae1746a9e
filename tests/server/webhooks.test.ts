// Webhooks: what is told, to whom, signed so that somebody else's implementation of the specification accepts it, queued with the change, sent at
// least once, tried for three days. The receiver is a real HTTP server.
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Webhook as Receiving } from 'standardwebhooks';
import { addWebhook } from '#lib/server/commands/add-webhook.ts';
import { changeWebhook, switchWebhook } from '#lib/server/commands/change-webhook.ts';
import { commentDraft } from '#lib/server/commands/comment-draft.ts';
import { makeWebhookSecret } from '#lib/server/commands/make-webhook-secret.ts';
import { removeWebhook } from '#lib/server/commands/remove-webhook.ts';
import { sendAgain, testWebhook } from '#lib/server/commands/send-to-webhook.ts';
import { stateRebuild } from '#lib/server/commands/state-rebuild.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { change } from '#lib/server/change.ts';
import { limits } from '#lib/server/limits.ts';
import { deliverWebhooks, forgetMessages } from '#lib/server/webhooks/deliver.ts';
import { eventGroups } from '#lib/server/webhooks/events.ts';
import { expectRefusal, takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  makeDraft,
  makePerson,
  makeProject,
  makeSdist,
  makeWorld,
  signDraft,
  type TestPerson,
  type World,
} from '../support/story.ts';
import { openWebhookReceiver, type Received, type WebhookReceiver } from '../support/webhook-receiver.ts';

const start = '2026-11-22T09:00:00Z';
const day = 86_400_000;

let world: TestRuntime;
let receiver: WebhookReceiver;
let team: World;
let sam: TestPerson;

beforeAll(async () => {
  receiver = await openWebhookReceiver();
  world = await openTestRuntime({ at: start, environment: { WEBHOOK_HOSTS: receiver.host } });
  team = await makeWorld();
  sam = await makePerson('sam');
  await makeProject(sam, 'elsewhere');
});
afterAll(async () => {
  await world.close();
  await receiver.close();
});
beforeEach(async () => {
  world.setTime(start);
  receiver.received.length = 0;
  receiver.answer = (_, res) => void res.writeHead(204).end();
  await world.db.webhook.deleteMany({});
});

const all = eventGroups.flatMap(({ events }) => events.map(({ type }) => type as string));
const advance = (milliseconds: number): void => world.advance(milliseconds);

const add = (events: string[] = all, address = `http://${receiver.host}/in?x=1`) =>
  addWebhook(team.ada.actor, { project: team.project, address, events });

const idsOf = (webhook: string) => ({ project: team.project, webhook });

let drafts = 0;
/** Opens a draft that nobody opened yet, so that something is told. */
const openOne = () => makeDraft(team.ada, team.project, `4.${(drafts += 1)}`);

/** As a receiver does it. Its library refuses messages that are minutes old, so its clock is set to ours meanwhile. */
function verify(secret: string, { body, headers }: Received): unknown {
  vi.useFakeTimers({ toFake: ['Date'], now: world.clock.now() });
  try {
    return new Receiving(secret).verify(body, headers as Record<string, string>);
  } finally {
    vi.useRealTimers();
  }
}

const typesReceived = (): unknown[] => receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
const first = (): Received => {
  const [one] = receiver.received;
  if (!one) throw new Error('Nothing was received.');
  return one;
};
const attempts = () => world.db.webhookAttempt.findMany({ orderBy: [{ at: 'asc' }, { ms: 'asc' }] });
const message = () => world.db.webhookMessage.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
const history = async (kind: string): Promise<number> => world.db.historyEntry.count({ where: { kind } });

describe('a message', () => {
  it('is signed so that another implementation of Standard Webhooks accepts it, and says what history says', async () => {
    const { secret } = await add(['draft.opened']);
    const { draft } = await openOne();
    expect(await deliverWebhooks()).toBe(1);
    const got = first();
    expect(got).toMatchObject({ method: 'POST', path: '/in?x=1' });
    expect(got.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'countersign' });
    expect(got.headers['webhook-id']).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(got.headers['webhook-timestamp']).toBe(String(Date.parse(start) / 1000));
    expect(verify(secret, got)).toEqual({
      type: 'draft.opened',
      timestamp: '2026-11-22T09:00:00.000Z',
      data: {
        index: 'sign.example.org',
        id: expect.stringMatching(/^\d+$/) as string,
        ...{ at: '2026-11-22T09:00:00.000Z', actor: 'ada', kind: 'draft.opened', way: 'browser', reason: null },
        sentence: `ada opened the draft (${team.project} 4.${drafts})`,
        ...{ project: team.project, release: `4.${drafts}`, draft, person: null },
        evidence: [
          expect.objectContaining({
            what: 'Statement of revision 1',
            url: `https://sign.example.org/drafts/${draft}/SHA256SUMS?revision=1`,
          }) as object,
        ],
        url: expect.stringContaining(`https://sign.example.org/projects/${team.project}/history/`) as string,
        page: `https://sign.example.org/drafts/${draft}`,
        status: `https://sign.example.org/drafts/${draft}/status.json`,
      },
    });
  });

  it('does not verify with one byte changed, with another id, or with another secret', async () => {
    const { secret } = await add(['draft.opened']);
    await openOne();
    await deliverWebhooks();
    const got = first();
    const foreign = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    expect(() => verify(secret, { ...got, body: got.body.replace('ada', 'eve') })).toThrow();
    expect(() => verify(secret, { ...got, headers: { ...got.headers, 'webhook-id': 'msg_0' } })).toThrow();
    expect(() => verify(foreign, got)).toThrow();
  });

  it('tells what people say about a draft, in their words', async () => {
    await add(['comment.written', 'rebuild.stated']);
    const { draft } = await openOne();
    await commentDraft(team.bo.actor, { draft, text: 'The changelog names the wrong version.' });
    const { name } = makeSdist(team.project, `4.${drafts}`);
    await stateRebuild(team.bo.actor, { draft, digests: `${'0'.repeat(64)}  ${name}`, recipe: 'python -m build' });
    await deliverWebhooks();
    await deliverWebhooks();
    const told = receiver.received.map(
      ({ body }) => (JSON.parse(body) as { data: { kind: string; reason: string } }).data,
    );
    expect(told.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['comment.written', 'The changelog names the wrong version.'],
      ['rebuild.stated', 'python -m build'],
    ]);
  });

  it('goes to the webhooks of its project that asked for the event, and to nobody else', async () => {
    await add(['signature.added', 'draft.withdrawn']);
    await addWebhook(sam.actor, { project: 'elsewhere', address: `http://${receiver.host}/sam`, events: all });
    const { draft } = await openOne();
    await signDraft(team.bo, draft);
    await withdrawDraft(team.ada.actor, { draft, reason: 'wrong files' });
    await deliverWebhooks();
    await deliverWebhooks();
    expect(typesReceived()).toEqual(['signature.added', 'draft.withdrawn']);
    const { data } = JSON.parse(receiver.received[1]?.body ?? '') as { data: { reason: string } };
    expect(data.reason).toBe('wrong files');
  });

  it('exists only where its change was committed', async () => {
    await add();
    const broken = change(team.ada.actor, 'web', async ({ record }) => {
      await record('draft.opened', { project: team.project as never });
      throw new Error('the change fails after all');
    });
    await expect(broken).rejects.toThrow('after all');
    expect(await world.db.webhookMessage.count()).toBe(0);
  });
});

describe('secrets', () => {
  it('are shown once, and stand in no row', async () => {
    const { secret } = await add();
    expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
    const rows = JSON.stringify(await takePicture());
    expect(rows).not.toContain(secret);
    expect(rows).not.toContain(secret.slice('whsec_'.length));
    expect(rows).not.toContain(world.secrets.webhooks);
  });

  it('overlap for a day after a new one is made: both sign, then only the newer', async () => {
    const { webhook, secret } = await add(['draft.opened']);
    const newer = await makeWebhookSecret(team.ada.actor, { ...idsOf(webhook), earlier: 'overlaps' });
    expect(newer.secret).not.toBe(secret);
    await openOne();
    await deliverWebhooks();
    const overlapping = first();
    expect(() => verify(secret, overlapping)).not.toThrow();
    expect(() => verify(newer.secret, overlapping)).not.toThrow();
    advance(day);
    await openOne();
    await deliverWebhooks();
    const later = receiver.received[1] ?? overlapping;
    expect(() => verify(newer.secret, later)).not.toThrow();
    expect(() => verify(secret, later)).toThrow();
  });

  it('end at once where an owner says so, those that overlap among them', async () => {
    const { webhook, secret } = await add(['draft.opened']);
    const second = await makeWebhookSecret(team.ada.actor, { ...idsOf(webhook), earlier: 'overlaps' });
    const third = await makeWebhookSecret(team.ada.actor, { ...idsOf(webhook), earlier: 'ends-now' });
    await openOne();
    await deliverWebhooks();
    expect(() => verify(third.secret, first())).not.toThrow();
    for (const ended of [secret, second.secret]) expect(() => verify(ended, first())).toThrow();
  });

  it('are not guessed by a program that has another key: it sends nothing and says so', async () => {
    await add(['draft.opened']);
    await openOne();
    const own = world.secrets.webhooks;
    world.secrets.webhooks = 'the key of another machine, which was not given the setting';
    await deliverWebhooks();
    world.secrets.webhooks = own;
    expect(receiver.received).toEqual([]);
    expect(await attempts()).toMatchObject([{ status: null, fault: expect.stringContaining('WEBHOOK_KEY') as string }]);
  });
});

describe('delivery', () => {
  it('keeps what was sent and the first 2 kB of what came back', async () => {
    await add(['draft.opened']);
    await openOne();
    receiver.answer = (_, res) => void res.writeHead(200).end(`\0${'ü'.repeat(5000)}`);
    await deliverWebhooks();
    const [attempt] = await attempts();
    expect(attempt).toMatchObject({ status: 200, fault: null, headers: { 'webhook-id': (await message()).id } });
    expect(attempt?.response).toBe(`\uFFFD${'ü'.repeat(1023)}`);
    expect((await message()).deliveredAt).toEqual(world.clock.now());
  });

  it('is tried again with growing waits for three days under the same id, then given up, and history says so', async () => {
    await add(['draft.opened']);
    await openOne();
    receiver.answer = (_, res) => void res.writeHead(500).end('no');
    const before = await history('webhook.given-up');
    await deliverWebhooks();
    for (const wait of limits.webhookRetriesMs) {
      const tried = receiver.received.length;
      advance(wait - 1);
      await deliverWebhooks();
      expect(receiver.received).toHaveLength(tried);
      advance(1);
      await deliverWebhooks();
      expect(receiver.received).toHaveLength(tried + 1);
    }
    const total = limits.webhookRetriesMs.reduce<number>((sum, wait) => sum + wait, 0);
    expect(total).toBeGreaterThan(2.9 * day);
    expect(total).toBeLessThanOrEqual(3 * day);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10);
    expect(await message()).toMatchObject({ deliveredAt: null, givenUpAt: world.clock.now() });
    expect(await history('webhook.given-up')).toBe(before + 1);
    advance(day);
    await deliverWebhooks();
    expect(receiver.received).toHaveLength(10);
  });

  it('counts an answer that never ends, or that redirects, as none; the redirect is not followed', async () => {
    await add(['draft.opened']);
    await openOne();
    receiver.answer = (_, res) => void res.writeHead(302, { Location: `http://${receiver.host}/elsewhere` }).end();
    await deliverWebhooks();
    expect(receiver.received).toHaveLength(1);
    expect(await attempts()).toMatchObject([{ status: 302 }]);
    expect((await message()).deliveredAt).toBeNull();
  });

  it('sends a message twice with one id where a program dies between sending and marking', async () => {
    await add(['draft.opened']);
    await openOne();
    world.hold = (point) => (point === 'webhook.sent' ? Promise.reject(new Error('killed')) : Promise.resolve());
    await expect(deliverWebhooks()).rejects.toThrow('killed');
    delete world.hold;
    await deliverWebhooks();
    expect(receiver.received).toHaveLength(1);
    advance(limits.webhookClaimMs);
    await deliverWebhooks();
    const [once, again] = receiver.received;
    expect(again?.headers['webhook-id']).toBe(once?.headers['webhook-id']);
    expect(again?.body).toBe(once?.body);
    expect((await message()).deliveredAt).not.toBeNull();
  });

  it('of two programs at once sends each message once', async () => {
    await add(['draft.opened', 'signature.added']);
    const { draft } = await openOne();
    await signDraft(team.bo, draft);
    await Promise.all([deliverWebhooks(), deliverWebhooks()]);
    await deliverWebhooks();
    expect(typesReceived().sort()).toEqual(['draft.opened', 'signature.added']);
  });

  it('goes on to others while one receiver is slow', async () => {
    await add(['draft.opened'], `http://${receiver.host}/slow`);
    await add(['draft.opened'], `http://${receiver.host}/quick`);
    const held: (() => void)[] = [];
    receiver.answer = ({ path }, res) => {
      const end = (): void => void res.writeHead(204).end();
      if (path === '/slow') held.push(end);
      else end();
    };
    await openOne();
    const delivering = deliverWebhooks();
    await receiver.reach(2);
    expect(receiver.received.map(({ path }) => path).sort()).toEqual(['/quick', '/slow']);
    for (const end of held) end();
    expect(await delivering).toBe(2);
  });

  it('stops the whole webhook where the receiver says that it is gone, until an owner lets it go on', async () => {
    const { webhook } = await add(['draft.opened']);
    await openOne();
    receiver.answer = (_, res) => void res.writeHead(410).end();
    await deliverWebhooks();
    await openOne();
    advance(day);
    await deliverWebhooks();
    expect(receiver.received).toHaveLength(1);
    expect(await world.db.webhook.findUnique({ where: { id: webhook } })).toMatchObject({
      stoppedWhy: 'The receiver answered 410 Gone.',
    });
    receiver.answer = (_, res) => void res.writeHead(204).end();
    await switchWebhook(team.ada.actor, { ...idsOf(webhook), on: true });
    await openOne();
    await deliverWebhooks();
    expect(receiver.received).toHaveLength(2);
  });

  it('forgets messages and tries after a month', async () => {
    await add(['draft.opened']);
    await openOne();
    await deliverWebhooks();
    advance(limits.webhookKeptMs);
    expect(await forgetMessages()).toBe(0);
    advance(1);
    expect(await forgetMessages()).toBe(1);
    expect(await world.db.webhookAttempt.count()).toBe(0);
  });
});

describe('by hand', () => {
  it('an owner sends a test, which is signed like every message', async () => {
    const { webhook, secret } = await add(['draft.opened']);
    await testWebhook(team.ada.actor, idsOf(webhook));
    await deliverWebhooks();
    expect(verify(secret, first())).toMatchObject({
      type: 'webhook.test',
      data: { sentence: `ada sent a test (${team.project})` },
    });
  });

  it('an owner sends again what arrived or was given up: the same bytes under the same id', async () => {
    const { webhook } = await add(['draft.opened']);
    await openOne();
    const wish = { ...idsOf(webhook), message: (await message()).id };
    await expectRefusal(() => sendAgain(team.ada.actor, wish), 'webhook.not-now');
    await deliverWebhooks();
    await sendAgain(team.ada.actor, wish);
    await deliverWebhooks();
    const [once, again] = receiver.received;
    expect([again?.body, again?.headers['webhook-id']]).toEqual([once?.body, once?.headers['webhook-id']]);
    expect(await attempts()).toHaveLength(2);
  });

  it('nothing is sent by hand to one that is stopped', async () => {
    const { webhook } = await add();
    await switchWebhook(team.ada.actor, { ...idsOf(webhook), on: false });
    await expectRefusal(() => testWebhook(team.ada.actor, idsOf(webhook)), 'webhook.not-now');
    await expectRefusal(() => switchWebhook(team.ada.actor, { ...idsOf(webhook), on: false }), 'webhook.not-now');
  });

  it('what is removed is gone with its secrets, messages and tries', async () => {
    const { webhook } = await add(['draft.opened']);
    await openOne();
    await deliverWebhooks();
    await removeWebhook(team.ada.actor, idsOf(webhook));
    const left = [world.db.webhookSecret, world.db.webhookMessage].map((table) =>
      (table as typeof world.db.webhookSecret).count(),
    );
    expect(await Promise.all(left)).toEqual([0, 0]);
    expect(await world.db.webhookAttempt.count()).toBe(0);
  });
});

describe('who may', () => {
  const acts: [string, (actor: TestPerson['actor'], webhook: string) => Promise<unknown>][] = [
    ['add one', (actor) => addWebhook(actor, { project: team.project, address: 'https://ci.example/x', events: all })],
    ['change one', (actor, webhook) => changeWebhook(actor, { ...idsOf(webhook), events: all })],
    ['stop one', (actor, webhook) => switchWebhook(actor, { ...idsOf(webhook), on: false })],
    ['make a secret', (actor, webhook) => makeWebhookSecret(actor, { ...idsOf(webhook), earlier: 'overlaps' })],
    ['send a test', (actor, webhook) => testWebhook(actor, idsOf(webhook))],
    ['send again', (actor, webhook) => sendAgain(actor, { ...idsOf(webhook), message: 'msg_0' })],
    ['remove one', (actor, webhook) => removeWebhook(actor, idsOf(webhook))],
  ];

  it.each(acts)('%s: an owner who signed in recently, of this project', async (_, act) => {
    const { webhook } = await add();
    const { freshUntil: _fresh, ...stale } = team.ada.actor;
    await expectRefusal(() => act(team.bo.actor, webhook), 'person.may-not');
    await expectRefusal(() => act(sam.actor, webhook), 'person.may-not');
    await expectRefusal(() => act(stale, webhook), 'session.not-fresh');
  });

  it('nobody reaches the webhook of another project by its id', async () => {
    const { webhook } = await add();
    const foreign = { project: 'elsewhere', webhook };
    await expectRefusal(() => removeWebhook(sam.actor, foreign), 'webhook.not-found');
    await expectRefusal(() => testWebhook(sam.actor, foreign), 'webhook.not-found');
  });

  it('nobody adds more than a project may have, or one that is told nothing, or of what is not told', async () => {
    await expectRefusal(() => add([]), 'webhook.no-events');
    await expectRefusal(() => add(['session.started']), 'input.not-a');
    for (let made = 0; made < limits.webhooksPerProjectMax; made += 1) await add(['draft.opened']);
    await expectRefusal(() => add(['draft.opened']), 'webhook.too-many');
  });
});

describe('an address', () => {
  it.each([
    ['plain http', 'http://ci.example/x'],
    ['another protocol', 'ftp://ci.example/x'],
    ['no address', 'ci.example'],
    ['a password', 'https://a:b@ci.example/x'],
    ['a fragment', 'https://ci.example/x#y'],
    ['a port below 1024', 'https://ci.example:25/'],
    ['this machine', 'https://localhost/'],
    ['this machine by number', 'https://127.0.0.1/'],
    ['this machine in octal', 'https://0177.0.0.1/'],
    ['this machine as one number', 'https://2130706433/'],
    ['this machine, version 6', 'https://[::1]/'],
    ['version 4 inside version 6', 'https://[::ffff:127.0.0.1]/'],
    ['a private network', 'https://10.1.2.3/'],
    ['the metadata service of a cloud', 'https://169.254.169.254/latest/meta-data/'],
    ['a link-local address', 'https://[fe80::1]/'],
    ['a host of this name at another port than the operator named', 'http://localhost:1/'],
  ])('of %s is refused', async (_, address) => expectRefusal(() => add(all, address), 'webhook.address'));

  it.each([
    ['a private address', ['10.0.0.7']],
    ['a public and a private address', ['93.184.215.14', '127.0.0.1']],
    ['the metadata service', ['169.254.169.254']],
    ['no address', []],
  ])('whose name leads to %s when it is sent is not asked', async (_, addresses) => {
    await add(['draft.opened'], 'https://ci.example/hook');
    await openOne();
    await deliverWebhooks(() => Promise.resolve(addresses.map((address) => ({ address, family: 4 }))));
    expect(receiver.received).toEqual([]);
    expect(await attempts()).toMatchObject([{ status: null, fault: expect.stringContaining('ci.example') as string }]);
    expect((await message()).deliveredAt).toBeNull();
  });

  it('that the operator no longer names is not asked any more', async () => {
    await add(['draft.opened']);
    await openOne();
    const named = world.config.webhookHosts;
    world.config.webhookHosts = [];
    await deliverWebhooks();
    world.config.webhookHosts = named;
    expect(receiver.received).toEqual([]);
    expect(await attempts()).toMatchObject([{ fault: expect.stringContaining('https://') as string }]);
  });
});
