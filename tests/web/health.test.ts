// What machines are told that look after the program: alive, ready, which version, figures; and what stands in the log of a request.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { shownAddress } from '#lib/server/http/shown-address.ts';
import { asText, openLog } from '#lib/server/log.ts';
import { limits } from '#lib/server/limits.ts';
import { makeToken } from '#lib/server/secrets.ts';
import { endReadiness, healthRoute } from '#web/health.ts';
import { observed, requestClass } from '#web/observe.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { noRoute, serveRoutes, type RouteServer } from '../support/route-server.ts';
import { makeDraft, makeWorld, signDraft, type World } from '../support/story.ts';

const token = 'm'.repeat(40);
let world: TestRuntime;
let server: RouteServer;
let people: World;

beforeAll(async () => {
  world = await openTestRuntime({ environment: { METRICS_TOKEN: token } });
  server = await serveRoutes(healthRoute);
});
afterEach(() => {
  vi.restoreAllMocks();
  world.advance(limits.readyFreshMs);
});
afterAll(async () => {
  await server.stop();
  await world.close();
});

const get = (address: string, headers: Record<string, string> = {}) => fetch(`${server.base}${address}`, { headers });

it('says that it lives, which version it is, and that it is ready', async () => {
  expect(await (await get('/healthz')).json()).toEqual({ alive: true });
  expect(await (await get('/version')).json()).toEqual({ version: '0.1.0', index: 'sign.example.org' });
  const ready = await get('/readyz');
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { ready: true, checks: { database: 'good', migrations: 'good', storage: 'good', mail: 'good' } },
  ]);
});

it('is asked as often as anybody likes, and looks only now and then', async () => {
  const looked = vi.spyOn(world.files, 'check');
  await Promise.all(Array.from({ length: 20 }, () => get('/readyz')));
  expect(looked).toHaveBeenCalledTimes(1);
});

it('is not ready while its storage lies or is away, and gives no cause to strangers', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(world.files, 'check').mockRejectedValue(new Error('password is hunter2'));
  const answer = await get('/readyz');
  const text = await answer.text();
  expect([answer.status, JSON.parse(text)]).toMatchObject([503, { ready: false, checks: { storage: 'broken' } }]);
  expect(text).not.toContain('hunter2');
});

it('is not ready on a database that lacks a migration', async () => {
  const newest = await world.db.$queryRaw<{ id: string }[]>`
    UPDATE "_prisma_migrations" SET "rolled_back_at" = now()
    WHERE "id" = (SELECT "id" FROM "_prisma_migrations" ORDER BY "migration_name" DESC LIMIT 1) RETURNING "id"`;
  expect(newest).toHaveLength(1);
  expect((await get('/readyz')).status).toBe(503);
  await world.db.$executeRaw`UPDATE "_prisma_migrations" SET "rolled_back_at" = NULL`;
});

it('tells that mail is late, and stays ready', async () => {
  const at = world.clock.now();
  people = await makeWorld();
  await makeDraft(people.ada, people.project);
  expect(await world.db.mail.count({ where: { sentAt: null } })).toBeGreaterThan(0);
  world.setTime(new Date(at.getTime() + limits.mailLateMs + 60_000).toISOString());
  expect(await (await get('/readyz')).json()).toMatchObject({ ready: true, checks: { mail: 'late' } });
});

it('shows its figures to whoever has the token, and no name of anybody', async () => {
  expect((await get('/metrics')).status).toBe(401);
  expect((await get('/metrics', { authorization: `Bearer ${token}x` })).status).toBe(401);
  const { bo, project } = people;
  const { draft } = await makeDraft(bo, project, '2.0.0');
  await signDraft(bo, draft);
  await signDraft(bo, draft);
  const text = await (await get('/metrics', { authorization: `Bearer ${token}` })).text();
  expect(text).toMatch(/^countersign_signatures_total\{result="counted"\} [1-9]/m);
  expect(text).toMatch(/^countersign_signatures_total\{result="already-there"\} [1-9]/m);
  expect(text).toMatch(/^countersign_waiting\{queue="mail"\} [1-9]/m);
  expect(text).toMatch(/^countersign_verification_seconds_count [1-9]/m);
  expect(text).toMatch(/^countersign_process_resident_memory_bytes /m);
  for (const name of [bo.actor.name, bo.address, project, draft, world.config.dataFolder])
    expect(text).not.toContain(`"${name}"`);
});

it('has every figure that the dashboard and the page about figures name', async () => {
  const text = await (await get('/metrics', { authorization: `Bearer ${token}` })).text();
  // Some stand there only once there is something to tell: what may be set is read in the source.
  const gauges = readFileSync('lib/server/health/metrics-text.ts', 'utf8').matchAll(/\bset\('(\w+)'/g);
  const known = new Set([...gauges].map(([, name]) => `countersign_${name}`));
  for (const [, name = '', sort] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm))
    for (const end of sort === 'histogram' ? ['', '_bucket', '_count', '_sum'] : ['']) known.add(name + end);
  const documents = ['docs/guide/grafana-dashboard.json', 'docs/formats/metrics.md'].map((file) =>
    readFileSync(file, 'utf8'),
  );
  const named = new Set(documents.join('\n').match(/\bcountersign_(?:\w*[a-z])(?![\w…]*…)/g));
  expect(named.size).toBeGreaterThan(20);
  expect([...named].filter((name) => !known.has(name))).toEqual([]);
});

it('has no such page without a token in the settings', async () => {
  world.config.metricsToken = null;
  expect((await get('/metrics', { authorization: `Bearer ${token}` })).status).toBe(noRoute);
  world.config.metricsToken = token;
});

it.each(['sign-in', 'd', 'mailbox', 'operator', 'invitations', 'unsubscribe', 'account/address', 'feeds', 'new-door'])(
  'writes no secret of an address into the log: /%s/…',
  (prefix) => {
    const secret = makeToken();
    expect(shownAddress(`/${prefix}/${secret}/more?token=${secret}`)).not.toContain(secret);
    expect(shownAddress(`/account/keys/0123/opened/${'short-secret'}`)).toBe('/account/keys/0123/opened/…');
  },
);

it('keeps what is public in an address of the log', () => {
  expect(shownAddress('/projects/sunrise/policy/2?x=1')).toBe('/projects/sunrise/policy/2');
  expect(shownAddress('/drafts/0123456789ab')).toBe('/drafts/0123456789ab');
  expect(shownAddress('/a\u001b[2J/b')).toBe('/…/b');
});

it('gives each request an id that stands in the answer and in its one line of the log', async () => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  openLog('json');
  const answering = createServer(observed((_, res) => void res.writeHead(404).end('no')));
  await new Promise<void>((resolve) => answering.listen(0, '127.0.0.1', resolve));
  const ask = async (headers: Record<string, string>): Promise<string | null> => {
    const told = lines.length;
    const { port } = answering.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/projects/sunrise?q=hidden`, { headers });
    await answer.text();
    await vi.waitUntil(() => lines.length > told);
    return answer.headers.get('x-request-id');
  };
  expect(await ask({ 'x-request-id': 'proxy-0123456789' })).toBe('proxy-0123456789');
  expect(await ask({ 'x-request-id': 'two words' })).toMatch(/^[0-9a-f]{10}$/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    ...{ level: 'info', request: 'proxy-0123456789', method: 'GET', address: '/projects/sunrise', status: 404 },
  });
  expect(lines.join()).not.toContain('hidden');
  await new Promise((resolve) => answering.close(resolve));
  openLog('text');
});

it('says it in text for people, and no text of strangers breaks a line or moves the cursor', () => {
  const line = { level: 'error', time: '2026-11-22T09:30:00.000Z', job: 'deliver mail', fault: 'no\u001b[2Jluck' };
  expect(asText(line)).toBe('09:30:00  error  job deliver mail  fault no\\u001b[2Jluck\n');
});

it.each([
  ['GET', '/projects/sunrise', 'page'],
  ['POST', '/projects/sunrise/drafts', 'upload'],
  ['GET', '/api/v1/queue', 'api'],
  ['GET', '/inbox?x', 'live'],
  ['GET', undefined, 'page'],
] as const)('counts %s %s as %s', (method, url, of) => expect(requestClass(method, url)).toBe(of));

// The last one: it is not taken back.
it('is not ready any more once it ends, and still lives', async () => {
  endReadiness();
  const answer = await get('/readyz');
  expect([answer.status, await answer.json()]).toEqual([503, { ready: false, ending: true }]);
  expect((await get('/healthz')).status).toBe(200);
});
