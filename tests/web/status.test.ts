// How a draft stands, over real HTTP: to its people and to programs with a token of its project, at once or when there is something to say; to
// everybody else it is not there.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { declineDraft } from '#lib/server/commands/decline-draft.ts';
import { leaveProject } from '#lib/server/commands/leave-project.ts';
import { makeProjectToken } from '#lib/server/commands/make-project-token.ts';
import { revokeProjectToken } from '#lib/server/commands/revoke-project-token.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { limits } from '#lib/server/limits.ts';
import { hashToken } from '#lib/server/secrets.ts';
import { statusRoute } from '#web/status.ts';
import { openSession, serveRoutes, type RouteServer } from '../support/route-server.ts';
import { expectRefusal, takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  makeDraft,
  makePerson,
  makeProject,
  makeWorld,
  signDraft,
  signPolicy,
  type TestPerson,
  type World,
} from '../support/story.ts';

type Status = Record<string, unknown> & { mark: string; outcome: string };

let runtime: TestRuntime;
let team: World;
let eve: TestPerson;
let server: RouteServer;

beforeAll(async () => {
  runtime = await openTestRuntime();
  team = await makeWorld();
  eve = await makePerson('eve');
  await makeProject(eve, 'elsewhere');
  for (const name of ['ada', 'eve']) await openSession(name, name);
  server = await serveRoutes(statusRoute);
});
afterAll(async () => {
  await server.stop();
  await runtime.close();
});

let drafts = 0;
let version: string;
let draft: string;
beforeEach(async () => {
  version = `3.${(drafts += 1)}`;
  ({ draft } = await makeDraft(team.ada, team.project, version));
});

const here = (query = ''): string => `/drafts/${draft}/status.json${query}`;
const cookie = (name: string) => ({ cookie: `${sessionCookieName()}=${name}` });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const ask = (path: string, headers: Record<string, string> = cookie('ada')) => fetch(server.base + path, { headers });
const read = async (path: string, headers?: Record<string, string>): Promise<Status> =>
  (await (await ask(path, headers)).json()) as Status;
async function codeOf(path: string, headers: Record<string, string>): Promise<string> {
  const answer = await ask(path, headers);
  const { code } = (await answer.json()) as { code: string };
  return `${answer.status} ${code}`;
}
const makeToken = async (person = team.ada, project = team.project): Promise<string> =>
  (await makeProjectToken(person.actor, { project, name: 'CI', kind: 'status' })).token;
const idOf = async (token: string): Promise<string> =>
  (await runtime.db.projectToken.findUniqueOrThrow({ where: { tokenHash: hashToken(token) } })).id;

describe('the status of a draft', () => {
  it('says state, revision, who counts and who could still sign, and where its page is', async () => {
    await signDraft(team.bo, draft);
    const { mark, ...status } = await read(here());
    expect(mark).toMatch(/^[0-9a-f]{32}$/);
    expect(status).toEqual({
      ...{ index: 'sign.example.org', project: team.project, version, draft, state: 'draft', outcome: 'waiting' },
      ...{ revision: 1, required: 2, counted: ['bo'], missing: 1, couldStillSign: ['ada', 'chi'] },
      ...{ declinedBy: [], waitsUntil: null, heldBack: null, countersigner: null, publishedAt: null },
      deadline: '2026-12-22T09:00:00.000Z',
      checks: { warnings: 0, notes: 0, ignored: 0, uncheckedFiles: 0, findings: [] },
      ...{ yanked: null, quarantined: null, record: null, page: `https://sign.example.org/drafts/${draft}` },
    });
  });

  it('is found by project and version in any spelling, the newest of several drafts', async () => {
    await withdrawDraft(team.ada.actor, { draft, reason: 'once more' });
    runtime.advance(1000);
    const { draft: newer } = await makeDraft(team.ada, team.project, version);
    expect(await read(`/projects/${team.project}/releases/v${version}.0/status.json`)).toMatchObject({ draft: newer });
    expect(await read(here())).toMatchObject({ outcome: 'withdrawn', couldStillSign: [], deadline: null });
  });

  it('is a decline as long as one stands', async () => {
    await declineDraft(team.bo.actor, { draft, reason: 'a file is missing' });
    expect(await read(here())).toMatchObject({ outcome: 'declined', state: 'draft', declinedBy: ['bo'] });
  });

  it('answers 304 to whoever has it already, and changes nothing', async () => {
    const before = await takePicture();
    const etag = (await ask(here())).headers.get('etag') ?? '';
    expect((await ask(here(), { ...cookie('ada'), 'if-none-match': etag })).status).toBe(304);
    expect((await fetch(server.base + here(), { method: 'HEAD', headers: cookie('ada') })).status).toBe(200);
    expect(await takePicture()).toEqual(before);
  });

  it('is no other than the answer to a draft that never was, for whoever is not of the project', async () => {
    expect(await codeOf(here(), {})).toBe('401 person.sign-in-first');
    const byVersion = `/projects/${team.project}/releases/${version}/status.json`;
    for (const path of [here(), '/drafts/000000000000/status.json', byVersion])
      expect(await codeOf(path, cookie('eve'))).toBe('404 draft.not-found');
    expect(await codeOf(`/projects/${team.project}/releases/no-version/status.json`, cookie('ada'))).toBe(
      '404 draft.not-found',
    );
  });
});

describe('waiting', () => {
  it('ends when something happened in the project since the mark', async () => {
    const { mark } = await read(here());
    const waiting = read(here(`?wait=60&since=${mark}`));
    await signDraft(team.bo, draft);
    expect(await waiting).toMatchObject({ counted: ['bo'] });
  });

  it('without a mark ends when it is over, and not before', async () => {
    let isOver = false;
    const waiting = read(here('?wait=60')).finally(() => (isOver = true));
    await signDraft(team.bo, draft);
    expect(await read(here())).toMatchObject({ counted: ['bo'] });
    expect(isOver).toBe(false);
    await withdrawDraft(team.ada.actor, { draft, reason: 'wrong files' });
    expect(await waiting).toMatchObject({ outcome: 'withdrawn' });
  });

  it('answers at once what is over already, and what is other than the mark', async () => {
    expect(await read(here('?wait=60&since=other'))).toMatchObject({ outcome: 'waiting' });
    await withdrawDraft(team.ada.actor, { draft, reason: 'wrong files' });
    expect(await read(here('?wait=60'))).toMatchObject({ outcome: 'withdrawn' });
  });

  it('ends with the state as it is when the time is up', async () => {
    expect(await read(here('?wait=1'))).toMatchObject({ outcome: 'waiting' });
  });

  it.each(['-1', 'x', '1e3', ' ', '123456'])('refuses %j as a time', async (wait) =>
    expect(await codeOf(here(`?wait=${encodeURIComponent(wait)}`), cookie('ada'))).toBe('400 input.not-a'),
  );
});

describe('a token', () => {
  it('reads the drafts of its project, and of no other that its maker is in', async () => {
    const token = await makeToken();
    expect(token).toMatch(/^cst_[A-Za-z0-9_-]{43}$/);
    expect(await read(here(), bearer(token))).toMatchObject({ draft, outcome: 'waiting' });
    const other = await makeProject(team.ada, `other${drafts}`);
    expect(await codeOf(here(), bearer(await makeToken(team.ada, other)))).toBe('404 draft.not-found');
  });

  it('stands in no row, and is not taken from the address or a cookie', async () => {
    const token = await makeToken();
    expect(JSON.stringify(await takePicture())).not.toContain(token);
    expect(await codeOf(here(`?token=${token}`), {})).toBe('401 person.sign-in-first');
    expect(await codeOf(here(), cookie(token))).toBe('401 person.sign-in-first');
  });

  it('that is unknown, malformed, revoked or too old opens nothing, also beside a session', async () => {
    const token = await makeToken();
    for (const wrong of ['', 'cst_x', `${token}x`, token.slice(0, -1)])
      expect(await codeOf(here(), { ...bearer(wrong), ...cookie('ada') })).toBe('401 token.unusable');
    await revokeProjectToken(team.ada.actor, { project: team.project, token: await idOf(token) });
    expect(await codeOf(here(), bearer(token))).toBe('401 token.unusable');
    const second = await makeToken();
    runtime.advance(limits.projectTokenMs);
    expect(await codeOf(here(), bearer(second))).toBe('401 token.unusable');
    runtime.advance(-limits.projectTokenMs);
    expect((await ask(here(), bearer(second))).status).toBe(200);
  });

  it('is revoked by whoever made it or an owner; made by people of the project who signed in recently', async () => {
    const token = await idOf(await makeToken(team.bo));
    const { freshUntil: _fresh, ...stale } = team.ada.actor;
    const wish = { project: team.project, token };
    await expectRefusal(() => revokeProjectToken(team.chi.actor, wish), 'token.not-found');
    await expectRefusal(() => revokeProjectToken(eve.actor, wish), 'person.may-not');
    await revokeProjectToken(team.ada.actor, wish);
    await expectRefusal(() => revokeProjectToken(team.bo.actor, wish), 'token.not-found');
    const named = { project: team.project, name: 'CI', kind: 'status' };
    await expectRefusal(() => makeProjectToken(eve.actor, named), 'person.may-not');
    await expectRefusal(() => makeProjectToken(stale, named), 'session.not-fresh');
    await expectRefusal(() => makeProjectToken(team.ada.actor, { ...named, name: ' \u202E ' }), 'input.missing');
  });

  it('dies with the membership of whoever made it, also while somebody waits with it', async () => {
    const token = await makeToken(team.chi);
    const waiting = ask(here('?wait=60'), bearer(token));
    expect((await ask(here(), bearer(token))).status).toBe(200);
    const { version: leaving } = await leaveProject(team.chi.actor, { project: team.project });
    await signPolicy(team.project, leaving, team.ada);
    expect((await waiting).status).toBe(401);
    expect(await codeOf(here(), bearer(token))).toBe('401 token.unusable');
  });
});
