// The doors of programs over real HTTP (docs/formats/api.md): what each answers, to whom, and what it refuses. What a token opens at all is asked in
// tests/server/tokens.test.ts; here it is asked of every door once more (threats.md, 54 to 62).
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makePersonToken } from '#lib/server/commands/make-person-token.ts';
import { revokePersonToken } from '#lib/server/commands/revoke-person-token.ts';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { limits } from '#lib/server/limits.ts';
import { apiRoute } from '#web/api.ts';
import { noRoute, type RouteServer } from '../support/route-server.ts';
import { takePicture } from '../support/refusal.ts';
import type { TestRuntime } from '../support/runtime.ts';
import {
  changePolicy,
  makeDraft,
  makeSdist,
  makeWheel,
  signBytes,
  signDraft,
  type TestPerson,
  type World,
} from '../support/story.ts';
import { openTokenHolders, type TokenHolders } from '../support/token-holders.ts';

type Told = Record<string, unknown>;
type File = { name: string; bytes: Buffer };

let holders: TokenHolders;
let runtime: TestRuntime;
let team: World;
let eve: TestPerson;
let server: RouteServer;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  holders = await openTokenHolders(apiRoute);
  ({ runtime, team, eve, server } = holders);
  const { own, ofProject } = holders;
  tokens['queue'] = await own(team.bo, 'queue');
  tokens['sign'] = await own(team.bo, 'sign');
  tokens['all'] = await own(team.bo, 'queue', 'sign', 'upload');
  tokens['stranger'] = await own(eve, 'queue', 'sign', 'upload');
  tokens['status'] = await ofProject('status');
  tokens['upload'] = await ofProject('upload');
  // When each was used last is noted once within the hour.
  for (const name of Object.keys(tokens)) await ask(name, 'token');
});
afterAll(() => holders.close());

let drafts = 0;
let version: string;
let draft: string;
beforeEach(async () => {
  version = `6.${(drafts += 1)}`;
  ({ draft } = await makeDraft(team.ada, team.project, version));
});

const bearer = (token: string) => ({ authorization: `Bearer ${tokens[token] ?? token}` });
const ask = (token: string, path: string, init: RequestInit = {}) =>
  fetch(`${server.base}/api/v1/${path}`, { ...init, headers: { ...bearer(token), ...init.headers } });
const post = (token: string, path: string, body: FormData | Uint8Array<ArrayBuffer> | URLSearchParams | string) =>
  ask(token, path, { method: 'POST', body });
async function read(answer: Promise<Response>): Promise<Told> {
  return (await (await answer).json()) as Told;
}
async function codeOf(answer: Promise<Response>): Promise<string> {
  const answered = await answer;
  return `${answered.status} ${((await answered.json()) as { code?: string }).code ?? ''}`.trim();
}
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const statementOf = async (): Promise<Uint8Array> =>
  (await runtime.db.revision.findFirstOrThrow({ where: { draftId: draft }, orderBy: { number: 'desc' } })).statement;
const signatureOf = async ({ key }: TestPerson) => new Uint8Array(await signBytes(key, await statementOf()));
/** Refusals are history, and a file that came whole before another one was refused waits for its draft. */
const refusals = (picture: object): object => ({ ...picture, HistoryEntry: [], files: [] });

/** As the command line sends it: digests first. */
function formOf(
  files: readonly File[],
  digests = files.map(({ name, bytes }) => `${sha256(bytes)}  ${name}`),
): FormData {
  const form = new FormData();
  for (const line of digests) form.append('sha256', line);
  for (const { name, bytes } of files) form.append('file', new Blob([new Uint8Array(bytes)]), name);
  return form;
}

/** Every door, with a request that the right token would get through with. */
const doors: [door: string, scopes: string[], knock: (token: string) => Promise<Response>][] = [
  ['the queue', ['queue', 'sign'], (token) => ask(token, 'queue')],
  ['a draft', ['queue', 'sign', 'status', 'upload'], (token) => ask(token, `drafts/${draft}`)],
  [
    'the draft of a version',
    ['queue', 'sign', 'status', 'upload'],
    (token) => ask(token, `projects/${team.project}/releases/${version}`),
  ],
  ['a statement', ['queue', 'sign', 'status', 'upload'], (token) => ask(token, `drafts/${draft}/SHA256SUMS`)],
  [
    'a file',
    ['queue', 'sign', 'status', 'upload'],
    (token) => ask(token, `drafts/${draft}/files/${makeWheel(team.project, version).name}`),
  ],
  [
    'handing in a signature',
    ['sign'],
    async (token) => post(token, `drafts/${draft}/signatures`, await signatureOf(team.bo)),
  ],
  [
    'declining',
    ['sign'],
    (token) => post(token, `drafts/${draft}/decline`, new URLSearchParams({ reason: 'Not yet.' })),
  ],
  [
    'opening a draft',
    ['upload'],
    (token) => post(token, `projects/${team.project}/drafts`, formOf([makeWheel(team.project, `${version}.1`)])),
  ],
  [
    'adding files',
    ['upload'],
    (token) => post(token, `drafts/${draft}/files`, formOf([makeSdist(team.project, version, 'x = 2\n')])),
  ],
];

describe.each(doors)('%s', (_, scopes, knock) => {
  it('is for the tokens of these scopes: refused to every other, with nothing changed', async () => {
    for (const token of ['queue', 'sign', 'status', 'upload'].filter((name) => !scopes.includes(name))) {
      const before = await takePicture();
      expect([token, await codeOf(knock(token))]).toEqual([token, '403 token.not-for-this']);
      expect(refusals(await takePicture())).toEqual(refusals(before));
    }
    const [good = ''] = scopes;
    expect((await knock(good)).status).toBeLessThan(300);
  });

  it('is not there for a token of somebody outside', async () => {
    const answered = await codeOf(knock('stranger'));
    expect(['200', '403 person.may-not', '404 draft.not-found']).toContain(answered);
    if (answered === '200') expect(await read(knock('stranger'))).toMatchObject({ drafts: [], policies: [] });
  });

  it('opens to no session, and to no token that is none', async () => {
    const cookie = `${sessionCookieName()}=ada`;
    for (const authorization of ['', 'Bearer', 'Basic YTpi', `Bearer ${tokens['all'] ?? ''}x`, 'Bearer csp_x'])
      expect(await codeOf(ask('', 'queue', { headers: { authorization, cookie } }))).toBe('401 token.unusable');
    expect(await codeOf(knock('unknown'))).toBe('401 token.unusable');
  });
});

describe('a draft as programs read it', () => {
  it('comes with its statement, its files and the keys of the reader that count', async () => {
    const told = await read(ask('sign', `drafts/${draft}`));
    const wheel = makeWheel(team.project, version);
    const statement = await statementOf();
    expect(told).toMatchObject({
      ...{ index: 'sign.example.org', project: team.project, version, draft, revision: 1, openedBy: 'ada' },
      statement: { sha256: sha256(statement), size: statement.length },
      files: [
        { name: wheel.name, size: wheel.bytes.length, sha256: sha256(wheel.bytes) },
        { name: makeSdist(team.project, version).name },
      ],
      reader: { name: 'bo', hasSigned: false, keys: [{ fingerprint: team.bo.key.fingerprint }] },
    });
    const bytes = new Uint8Array(await (await ask('sign', `drafts/${draft}/SHA256SUMS`)).arrayBuffer());
    expect(sha256(bytes)).toBe(sha256(statement));
    const file = new Uint8Array(await (await ask('sign', `drafts/${draft}/files/${wheel.name}`)).arrayBuffer());
    expect(sha256(file)).toBe(sha256(wheel.bytes));
  });

  it('is read without changing anything but when the token was used last', async () => {
    await ask('sign', 'queue');
    const before = await takePicture();
    for (const path of ['queue', 'token', `drafts/${draft}`, `drafts/${draft}/SHA256SUMS`])
      for (const method of ['GET', 'HEAD']) expect((await ask('sign', path, { method })).status).toBe(200);
    expect(await takePicture()).toEqual(before);
  });

  it('stands in the queue until the reader has signed it', async () => {
    const waits = async () => ((await read(ask('queue', 'queue')))['drafts'] as Told[]).map((row) => row['draft']);
    expect(await waits()).toContain(draft);
    await signDraft(team.bo, draft);
    expect(await waits()).not.toContain(draft);
  });
});

describe('a signature by a token', () => {
  it('is answered with what it found and how the draft stands then', async () => {
    const answer = await post('sign', `drafts/${draft}/signatures?revision=1`, await signatureOf(team.bo));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      ...{ draft, revision: 1, state: 'draft', counts: true, signed: 1, required: 2 },
      outcomes: [{ result: 'counted', person: 'bo', over: 'statement' }],
    });
  });

  it('that does not count says why, with another status', async () => {
    const signature = new Uint8Array(await signBytes(eve.key, await statementOf()));
    const answer = await post('sign', `drafts/${draft}/signatures`, signature);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ counts: false, signed: 0, outcomes: [{ result: 'refused' }] });
  });

  it.each([
    ['nothing', '', '', '400 signature.nothing-came'],
    ['text that is none', 'no signature', '', '400 signature.is-other'],
    ['more than a signature can be', 'x'.repeat(limits.signatureUploadBytesMax + 1), '', '413 signature.too-large'],
    ['a revision that is none', 'x', '?revision=one', '400 input.not-a'],
    ['another revision', 'x', '?revision=7', '409 draft.moved-on'],
  ])('is refused: %s', async (_, body, query, code) => {
    expect(await codeOf(post('sign', `drafts/${draft}/signatures${query}`, body))).toBe(code);
    expect(await runtime.db.signature.count({ where: { draftId: draft } })).toBe(0);
  });
});

describe('files by a token', () => {
  const here = () => `projects/${team.project}/drafts`;

  it('open a draft in the name of whoever made the token, which they do not sign', async () => {
    const files = [makeWheel(team.project, `${version}.7`), makeSdist(team.project, `${version}.7`)];
    const answer = await post('upload', here(), formOf(files));
    expect(answer.status).toBe(201);
    const told = (await answer.json()) as Told;
    expect(told).toMatchObject({ version: `${version}.7`, openedBy: 'bo', counted: [], state: 'draft', revision: 1 });
    expect((told['files'] as Told[]).map((file) => file['sha256']).sort()).toEqual(
      files.map(({ bytes }) => sha256(bytes)).sort(),
    );
    expect(await codeOf(post('upload', here(), formOf(files)))).toBe('409 draft.already-open');
    expect(await codeOf(post('upload', `drafts/${String(told['draft'])}/files`, formOf(files)))).toBe(
      '400 draft.nothing-changed',
    );
  });

  it.each<[string, (file: File) => FormData, string]>([
    ['without a digest', (file) => formOf([file], []), '400 upload.digest-missing'],
    [
      'with the digest of other bytes',
      (file) => formOf([file], [`${'0'.repeat(64)}  ${file.name}`]),
      '400 upload.digest-differs',
    ],
    ['with a digest that is none', (file) => formOf([file], [`${file.name}`]), '400 upload.malformed'],
    [
      'with the digest of a file that does not come',
      (file) => formOf([file], [`${sha256(file.bytes)}  ${file.name}`, `${'0'.repeat(64)}  other-1.0.tar.gz`]),
      '400 upload.file-missing',
    ],
  ])('are refused %s, and nothing is changed', async (_, make, code) => {
    const before = refusals(await takePicture());
    const file = makeWheel(team.project, `${version}.8`, `x = '${code}'\n`);
    expect(await codeOf(post('upload', here(), make(file)))).toBe(code);
    expect(refusals(await takePicture())).toEqual(before);
  });

  it('are refused before they are read where the token may not', async () => {
    // The body never ends: whoever waited for it would not answer.
    const endless = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('--x\r\n')) });
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const init = { method: 'POST', body: endless, headers, duplex: 'half' } as RequestInit;
    expect((await ask('sign', here(), init)).status).toBe(403);
  });
});

describe('a token dies', () => {
  it('at once when it is revoked', async () => {
    const made = await makePersonToken(team.chi.actor, { name: 'x', scopes: ['queue'], project: '', days: '7' });
    expect((await ask(made.token, 'token')).status).toBe(200);
    const { id } = await runtime.db.personToken.findFirstOrThrow({ where: { personName: 'chi' } });
    await revokePersonToken(team.chi.actor, { token: id });
    expect(await codeOf(ask(made.token, 'token'))).toBe('401 token.unusable');
  });

  it('for a project with the part that its maker has in it', async () => {
    const removal = { name: 'bo', how: 'retire' as const };
    await changePolicy(team.ada, { project: team.project, remove: [removal] }, team.ada, team.chi);
    expect(await codeOf(ask('upload', `drafts/${draft}`))).toBe('401 token.unusable');
    expect(await codeOf(ask('sign', `drafts/${draft}`))).toBe('404 draft.not-found');
    expect(await read(ask('sign', 'queue'))).toMatchObject({ person: 'bo', drafts: [] });
  });
});

describe('other addresses', () => {
  it('below /api/v1/ are not there, wrong methods name the right ones, and all others are left alone', async () => {
    expect(await codeOf(ask('all', 'nothing'))).toBe('404 api.no-such');
    const wrong = await ask('all', `drafts/${draft}/signatures`, { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([404, 'POST, GET, HEAD']);
    expect((await fetch(`${server.base}/api/auth/session`)).status).toBe(noRoute);
  });
});
