// What programs read and look after by the addresses of the table: every answer has the shape that its row describes, so that the OpenAPI document
// says what is true; lists come piece by piece; and what is changed is changed by the same commands as on the pages.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Scope } from '#lib/core/people.ts';
import type { Door } from '#lib/server/api/door.ts';
import { doors } from '#lib/server/api/doors.ts';
import { addKey } from '#lib/server/commands/add-key.ts';
import { declineDraft } from '#lib/server/commands/decline-draft.ts';
import { invitePerson } from '#lib/server/commands/invite-person.ts';
import { makePersonToken } from '#lib/server/commands/make-person-token.ts';
import { makeProjectToken } from '#lib/server/commands/make-project-token.ts';
import { prepareDeclaration } from '#lib/server/commands/prepare-declaration.ts';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';
import { apiRoute } from '#web/api.ts';
import { serveRoutes, type RouteServer } from '../support/route-server.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  makeDraft,
  makeKey,
  makePerson,
  makeSdist,
  makeWheel,
  makeWorld,
  readInvitationToken,
  signBytes,
  signDraft,
  type World,
} from '../support/story.ts';

let runtime: TestRuntime;
let server: RouteServer;
let team: World;
let names: Record<string, string>;
const tokens: Partial<Record<Scope, string>> = {};

beforeAll(async () => {
  runtime = await openTestRuntime();
  team = await makeWorld();
  server = await serveRoutes(apiRoute);
  for (const scope of ['queue', 'read', 'sign', 'upload', 'manage', 'account'] as const)
    tokens[scope] = (
      await makePersonToken(team.ada.actor, { name: scope, scopes: [scope], project: '', days: '30' })
    ).token;
  const { draft } = await makeDraft(team.bo, team.project, '1.0');
  await signDraft(team.ada, draft);
  await declineDraft(team.chi.actor, { draft, reason: 'Not yet.' });
  await makeDraft(team.bo, team.project, '1.1');
  await makeProjectToken(team.ada.actor, { project: team.project, name: 'CI', kind: 'status' });
  const wish = { type: 'countersign/status', status: 'archived', reason: 'Nobody looks after it.' } as const;
  await prepareDeclaration(team.ada.actor, { project: team.project, wish });
  const { sha256: declaration } = await runtime.db.declaration.findFirstOrThrow();
  const packet = await runtime.db.signature.findFirstOrThrow({ where: { draftId: draft } });
  names = {
    ...{ project: team.project, draft, version: '1', packet: packet.packetSha256, declaration },
    file: makeWheel(team.project, '1.0').name,
  };
});
afterAll(async () => {
  await server.stop();
  await runtime.close();
});

const ask = (scope: Scope, path: string, init: RequestInit = {}) =>
  fetch(`${server.base}/api/v1/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${tokens[scope] ?? ''}`, 'content-type': 'application/json', ...init.headers },
  });
const send = (scope: Scope, method: string, path: string, body?: object) =>
  ask(scope, path, { method, ...(body && { body: JSON.stringify(body) }) });
type Told = Record<string, unknown>;
const read = async (answer: Promise<Response>): Promise<Told> => (await (await answer).json()) as Told;
const addressOf = ({ path }: Door): string =>
  path
    .replace('releases/{version}', 'releases/1.0')
    .replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? 'unknown'));

const readable = doors.filter(({ method, path }) => method === 'GET' && !path.startsWith('uploads/'));
describe.each(readable.map((door) => ({ door, name: door.path })))('GET $name', ({ door }) => {
  it('answers in the shape that its row describes, for every scope that opens it', async () => {
    for (const scope of door.scopes.length === 0 ? (['queue'] as const) : door.scopes) {
      const answer = await ask(scope, addressOf(door));
      expect([scope, answer.status]).toEqual([scope, 200]);
      const shape = door.answers[200];
      if (shape === undefined || 'media' in shape) continue;
      expect((shape as z.ZodType).safeParse(await answer.json()).error?.issues ?? []).toEqual([]);
    }
  });
});

describe('a list', () => {
  it('comes piece by piece, each leading to the next, and nothing twice', async () => {
    const path = `projects/${team.project}/drafts?limit=1`;
    const first = await ask('read', path);
    const { items, next } = (await first.json()) as { items: Told[]; next: string };
    expect(first.headers.get('link')).toContain(`cursor=${next}`);
    const second = await read(ask('read', `${path}&cursor=${next}`));
    expect([
      items.map((row) => row['version']),
      (second['items'] as Told[]).map((row) => row['version']),
      second['next'],
    ]).toEqual([['1.1'], ['1.0'], null]);
    expect(await read(ask('read', `${path}&cursor=nothing`))).toMatchObject({ code: 'input.not-a' });
  });

  it('of a token for one project has that project, and the account is not open to it', async () => {
    const wish = { name: 'one', scopes: ['read', 'account'], project: team.project, days: '7' };
    const { token } = await makePersonToken(team.ada.actor, wish);
    const headers = { authorization: `Bearer ${token}` };
    expect((await read(ask('read', 'projects', { headers })))['items']).toEqual([
      { name: team.project, role: 'owner' },
    ]);
    expect(await read(ask('read', 'account/keys', { headers }))).toMatchObject({ code: 'person.sign-in-first' });
  });
});

describe('looking after a draft', () => {
  it('takes back a signature, lifts a decline, leaves a file out, and withdraws, in the name of the token’s maker', async () => {
    const at = `drafts/${names['draft'] ?? ''}`;
    const [{ signature } = {}] = (await read(ask('manage', `${at}/signatures`)))['items'] as Told[];
    expect((await send('manage', 'DELETE', `${at}/signatures/${String(signature)}`)).status).toBe(200);
    const [{ decline } = {}] = (await read(ask('manage', `${at}/declines`)))['items'] as Told[];
    expect((await send('manage', 'DELETE', `${at}/declines/${String(decline)}`)).status).toBe(200);
    expect(await read(ask('read', at))).toMatchObject({ declinedBy: [], counted: [] });
    const sdist = makeSdist(team.project, '1.0').name;
    expect(await read(send('upload', 'DELETE', `${at}/files/${sdist}?revision=7`))).toMatchObject({
      code: 'draft.moved-on',
    });
    expect(await read(send('upload', 'DELETE', `${at}/files/${sdist}`))).toMatchObject({ revision: 2 });
    expect((await send('manage', 'PUT', `${at}/silence`, { wish: 'none' })).status).toBe(200);
    const withdrawn = await send('manage', 'POST', `${at}/withdraw`, { reason: 'The wrong branch.' });
    expect(withdrawn.status).toBe(200);
    const entry = await runtime.db.historyEntry.findFirst({ where: { kind: 'draft.withdrawn' } });
    expect(entry).toMatchObject({ actor: 'ada', via: 'api', details: { byToken: 'manage' } });
  });

  it('sets the rules of reminding, which are then read', async () => {
    const rules = { firstAfterDays: 3, thenEveryDays: 4, atMost: 2, deadlineDays: 20, warnDaysBefore: 2 };
    const at = `projects/${team.project}/reminders`;
    expect((await send('manage', 'PUT', at, rules)).status).toBe(200);
    expect(await read(ask('read', at))).toEqual(rules);
    expect(await read(send('manage', 'PUT', at, { ...rules, more: 1 }))).toMatchObject({ code: 'api.does-not-fit' });
  });
});

describe('a declaration', () => {
  it('waits in the list, and is signed by an owner’s key over its document, handed in by their token', async () => {
    const list = `projects/${team.project}/declarations`;
    const at = `${list}/${names['declaration'] ?? ''}`;
    expect((await read(ask('read', list)))['items']).toMatchObject([{ proposedBy: 'ada', signedBy: null }]);
    const document = new Uint8Array(await (await ask('sign', at)).arrayBuffer());
    const post = (scope: Scope, signature: Uint8Array) =>
      ask(scope, `${at}/signatures`, { method: 'POST', body: new Uint8Array(signature) });
    const wrong = await post('sign', await signBytes(team.ada.key, new Uint8Array([1])));
    expect([wrong.status, await wrong.json()]).toMatchObject([422, { code: 'declaration.not-signed' }]);
    const right = await post('sign', await signBytes(team.ada.key, document));
    expect([right.status, await right.json()]).toMatchObject([200, { result: 'counted', by: 'ada' }]);
    expect((await read(ask('read', list)))['items']).toMatchObject([{ signedBy: 'ada' }]);
  });
});

describe('a key that waits for its proof', () => {
  it('is proven by the signature over the phrase, from start to end without a page', async () => {
    const key = await makeKey('ada-second');
    await addKey(team.ada.actor, { certificate: key.certificate });
    const at = `account/keys/${key.fingerprint}`;
    const { phrase } = (await read(send('account', 'POST', `${at}/phrase`))) as { phrase: string };
    const post = async (bytes: Uint8Array) =>
      ask('account', `${at}/proof`, { method: 'POST', body: new Uint8Array(await signBytes(key, bytes)) });
    expect(await read(post(new Uint8Array([1])))).toMatchObject({ code: 'key.not-proven' });
    expect(await read(post(new TextEncoder().encode(phrase)))).toEqual({ fingerprint: key.fingerprint });
    const mine = (await read(ask('account', 'account/keys')))['items'] as Told[];
    expect(mine.find(({ fingerprint }) => fingerprint === key.fingerprint)).toMatchObject({ state: 'active' });
    expect(await read(send('account', 'POST', `${at}/phrase`))).toMatchObject({ code: 'key.already-proven' });
    expect(await read(send('account', 'POST', `${at}/challenge`))).toMatchObject({ code: 'key.already-proven' });
    expect(await read(send('account', 'POST', `${at}/opened`, { opened: 'x' }))).toMatchObject({
      code: expect.stringMatching(/^key\./),
    });
  });
});

describe('what only ends something', () => {
  it('is done by a token too: a token of the project, the address to try a draft, a change of address', async () => {
    const list = `projects/${team.project}/tokens`;
    const [{ id } = {}] = (await read(ask('manage', list)))['items'] as Told[];
    expect(await read(send('manage', 'DELETE', `${list}/${String(id)}`))).toEqual({ ended: true });
    expect(await read(send('manage', 'DELETE', `${list}/${String(id)}`))).toMatchObject({ code: 'token.not-found' });
    const { draft } = await makeDraft(team.bo, team.project, '1.2');
    const before = (await read(ask('read', `drafts/${draft}`)))['preview'];
    const renewed = (await read(send('manage', 'POST', `drafts/${draft}/preview`)))['preview'];
    expect(renewed).not.toBe(before);
    expect((await send('manage', 'DELETE', `drafts/${draft}/preview`)).status).toBe(200);
    expect((await read(ask('read', `drafts/${draft}`)))['preview']).toBeNull();
    expect(await read(send('account', 'DELETE', 'account/address-change'))).toMatchObject({
      code: 'address.no-change',
    });
  });

  it('and an invitation is accepted with the token of its link, by the account that has its address', async () => {
    const wish = { token: 'not-one', key: team.ada.key.fingerprint };
    expect(await read(send('account', 'POST', 'account/invitations', wish))).toMatchObject({
      code: 'invitation.not-found',
    });
    const dora = await makePerson('dora');
    await invitePerson(team.ada.actor, { project: team.project, address: 'dora@example.org', role: 'maintainer' });
    const { token } = await makePersonToken(dora.actor, { name: 'x', scopes: ['account'], project: '', days: '7' });
    const accepted = await fetch(`${server.base}/api/v1/account/invitations`, {
      ...{ method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } },
      body: JSON.stringify({ token: await readInvitationToken('dora@example.org'), key: dora.key.fingerprint }),
    });
    expect(await accepted.json()).toEqual({ project: team.project });
    const entry = await runtime.db.historyEntry.findFirst({ where: { kind: 'invitation.accepted', actor: 'dora' } });
    expect(entry).toMatchObject({ via: 'api', details: { byToken: 'x' } });
  });
});

describe('a policy', () => {
  it('is signed by whoever’s key made the signature over the document, and by nothing else', async () => {
    const { version } = await proposePolicy(team.ada.actor, { project: team.project, threshold: 3 });
    const at = `projects/${team.project}/policies/${version}`;
    const document = new Uint8Array(await (await ask('sign', `${at}/document`)).arrayBuffer());
    const post = (signature: Uint8Array) =>
      ask('sign', `${at}/signatures`, { method: 'POST', body: new Uint8Array(signature) });
    const wrong = await post(await signBytes(team.ada.key, new Uint8Array([1])));
    expect([wrong.status, await wrong.json()]).toMatchObject([
      422,
      { inForce: false, outcomes: [{ result: 'refused' }] },
    ]);
    const right = await post(await signBytes(team.ada.key, document));
    expect([right.status, await right.json()]).toMatchObject([
      200,
      { outcomes: [{ result: 'counted', person: 'ada' }] },
    ]);
  });
});

describe('the account', () => {
  it('chooses what mail comes, and ends a token, also the one that asks', async () => {
    expect(await read(send('account', 'PUT', 'account/mail/choices', { choices: { published: 'daily' } }))).toEqual({
      changed: 1,
    });
    const hours = { timeZone: 'Europe/Berlin', quietFrom: 22, quietTo: 7, digestHour: 8 };
    expect(await read(send('account', 'PUT', 'account/mail/hours', hours))).toEqual(hours);
    const mine = (await read(ask('account', 'account/tokens?limit=200')))['items'] as Told[];
    const own = mine.find((row) => row['name'] === 'account');
    expect((await send('account', 'DELETE', `account/tokens/${String(own?.['id'])}`)).status).toBe(200);
    expect(await read(ask('account', 'account/tokens'))).toMatchObject({ code: 'token.unusable' });
  });
});
