// Every row of the table of addresses for programs, asked over real HTTP: it opens to no session and to no token that lacks its scopes, and what HTTP
// gives beside the answer is the same everywhere: validators, preconditions, limits. What single addresses do is in api.test.ts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpStatus } from '#lib/core/errors.ts';
import { scopes as allScopes } from '#lib/core/people.ts';
import { namesIn, type Door } from '#lib/server/api/door.ts';
import { doors } from '#lib/server/api/doors.ts';
import type { OpenApi } from '#lib/server/api/openapi.ts';
import { makePersonToken } from '#lib/server/commands/make-person-token.ts';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { limits } from '#lib/server/limits.ts';
import { apiRoute } from '#web/api.ts';
import { takePicture } from '../support/refusal.ts';
import { openSession, serveRoutes, type RouteServer } from '../support/route-server.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makeWorld, signDraft, type World } from '../support/story.ts';

let runtime: TestRuntime;
let server: RouteServer;
let team: World;
let draft: string;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  runtime = await openTestRuntime();
  team = await makeWorld();
  ({ draft } = await makeDraft(team.ada, team.project, '1.0'));
  await openSession('ada', 'ada');
  server = await serveRoutes(apiRoute);
  for (const scope of ['queue', 'read', 'sign', 'upload', 'manage', 'account'])
    tokens[scope] = (
      await makePersonToken(team.bo.actor, { name: scope, scopes: [scope], project: '', days: '30' })
    ).token;
  for (const scope of Object.keys(tokens)) await ask(scope, 'token');
});
afterAll(async () => {
  await server.stop();
  await runtime.close();
});

const ask = (token: string, path: string, init: RequestInit = {}) =>
  fetch(`${server.base}/api/v1/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${tokens[token] ?? token}`, ...init.headers },
  });
const codeOf = async (answer: Response): Promise<string> =>
  `${answer.status} ${((await answer.json()) as { code: string }).code}`;
const addressOf = ({ path }: Door): string =>
  path
    .replaceAll('{project}', team.project)
    .replaceAll('{draft}', draft)
    .replace(/\{\w+\}/g, '1');
const named = doors.map((door) => ({ door, name: `${door.method} ${door.path}` }));

describe('the table', () => {
  it('has each address and method once, with every name once', () => {
    const spelled = doors.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
    expect(new Set(spelled).size).toBe(spelled.length);
    for (const { path } of doors) expect(new Set(namesIn(path)).size).toBe(namesIn(path).length);
  });

  it('says in every row what the address does, what it answers, and to which scopes', () => {
    for (const { says, about, answers, scopes } of doors) {
      expect(says).toMatch(/^[A-Z“].*\.$/s);
      expect(about).not.toBe('');
      expect(Object.keys(answers).length).toBeGreaterThan(0);
      for (const scope of scopes) expect(allScopes).toContain(scope);
    }
  });
});

describe.each(named)('$name', ({ door }) => {
  const init = { method: door.method, ...(door.method === 'GET' ? {} : { body: '{}' }) };

  it('opens to no session, and to no token that was not made for it', async () => {
    const before = await takePicture();
    const cookie = `${sessionCookieName()}=ada`;
    const withoutToken = await fetch(`${server.base}/api/v1/${addressOf(door)}`, { ...init, headers: { cookie } });
    expect(await codeOf(withoutToken)).toBe('401 token.unusable');
    const others = Object.keys(tokens).filter(
      (scope) => door.scopes.length > 0 && !door.scopes.includes(scope as never),
    );
    for (const scope of others)
      expect([scope, await codeOf(await ask(scope, addressOf(door), init))]).toEqual([scope, '403 token.not-for-this']);
    expect(await takePicture()).toEqual(before);
  });
});

describe('the description', () => {
  it('is an OpenAPI document for everybody, with every row in it', async () => {
    const answer = await fetch(`${server.base}/api/v1/openapi.json`);
    const { openapi, paths, servers } = (await answer.json()) as OpenApi;
    expect([answer.status, openapi, servers[0]?.url]).toEqual([200, '3.1.0', 'https://sign.example.org']);
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.slice('/api/v1/'.length)}`),
    );
    expect(described.sort()).toEqual(doors.map(({ method, path }) => `${method} ${path}`).sort());
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('validators', () => {
  it('let a reader that has the answer be told so, until it is another one', async () => {
    const first = await ask('queue', `drafts/${draft}`);
    const etag = first.headers.get('etag') ?? '';
    const again = await ask('queue', `drafts/${draft}`, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const other = (await makeDraft(team.ada, team.project, '2.0')).draft;
    await signDraft(team.ada, other);
    expect((await ask('queue', `drafts/${other}`)).headers.get('etag')).not.toBe(etag);
  });

  it('bind a change of a draft to the answer that was read: another one by then is 412, and nothing is changed', async () => {
    const read = (await makeDraft(team.ada, team.project, '3.0')).draft;
    const { headers } = await ask('sign', `drafts/${read}`);
    const decline = (etag: string) =>
      ask('sign', `drafts/${read}/decline`, {
        method: 'POST',
        body: JSON.stringify({ reason: 'Not yet.' }),
        headers: { 'content-type': 'application/json', 'if-match': etag },
      });
    const before = await takePicture();
    expect(await codeOf(await decline('"another"'))).toBe(`${httpStatus.outdated} api.changed-since`);
    expect(await takePicture()).toEqual(before);
    const etag = headers.get('etag') ?? '';
    expect((await decline(etag)).status).toBe(200);
    expect(await codeOf(await decline(etag))).toBe(`${httpStatus.outdated} api.changed-since`);
  });
});

describe('what does not fit', () => {
  it('is refused with its place, as a problem document', async () => {
    const answer = await ask('sign', `drafts/${draft}/decline`, {
      method: 'POST',
      body: JSON.stringify({ reason: 7 }),
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(await answer.json()).toMatchObject({
      ...{ code: 'api.does-not-fit', status: 400 },
      details: { faults: [{ field: 'reason' }] },
    });
    const broken = await ask('sign', `drafts/${draft}/decline`, { method: 'POST', body: '{' });
    expect(await codeOf(broken)).toBe('400 api.not-json');
  });
});

describe('limits', () => {
  it('are told with every answer: how many within the hour, and how many are left', async () => {
    const left = async () => (await ask('queue', 'token')).headers;
    const [first, second] = [await left(), await left()];
    expect(first.get('ratelimit-policy')).toBe(`"token";q=${limits.requestsPerToken};w=3600`);
    const remaining = (headers: Headers): number => Number(/;r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
    expect(remaining(second)).toBe(remaining(first) - 1);
  });
});
