// Files in several requests over real HTTP, by tus 1.0.0 as its own client speaks it: paused, broken off and gone on with, as a page with a session and as a
// program with a token; what is refused, to whom; and curl's PUT.
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Upload } from 'tus-js-client';
import { makePersonToken } from '#lib/server/commands/make-person-token.ts';
import { makeProjectToken } from '#lib/server/commands/make-project-token.ts';
import { revokePersonToken } from '#lib/server/commands/revoke-person-token.ts';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { apiRoute } from '#web/api.ts';
import { resumableRoute } from '#web/resumable.ts';
import { uploadRoute } from '#web/upload.ts';
import { openSession, serveRoutes, type RouteServer } from '../support/route-server.ts';
import { takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeSdist, makeWheel, makeWorld, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let server: RouteServer;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
  await openSession('ada', 'ada');
  await openSession('bo', 'bo');
  server = await serveRoutes(uploadRoute, resumableRoute, apiRoute);
  const wish = { name: 'laptop', scopes: ['upload'], project: '', days: '30' };
  tokens['ada'] = (await makePersonToken(world.ada.actor, wish)).token;
  tokens['queue'] = (await makePersonToken(world.ada.actor, { ...wish, scopes: ['queue'] })).token;
  tokens['ci'] = (await makeProjectToken(world.bo.actor, { project: world.project, name: 'CI', kind: 'upload' })).token;
});
afterAll(async () => {
  await server.stop();
  await runtime.close();
});

type Headers = Record<string, string>;
const asPerson = (name: string): Headers => ({
  cookie: `${sessionCookieName()}=${name}`,
  origin: 'https://sign.example.org',
  accept: 'application/json',
});
const asProgram = (token: string): Headers => ({ authorization: `Bearer ${tokens[token] ?? ''}` });
const tus = { 'tus-resumable': '1.0.0' };
const patch = { ...tus, 'content-type': 'application/offset+octet-stream' };

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const digestOf = (bytes: Uint8Array): string => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
let made = 0;
const nextWheel = (content?: string) => makeWheel(world.project, `7.${(made += 1)}.0`, content);

const ask = (method: string, place: string, headers: Headers, body?: Uint8Array | string) =>
  fetch(place.startsWith('http') ? place : `${server.base}${place}`, {
    ...{ method, headers, redirect: 'manual' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
  });
const metadata = (name: string, bytes: Uint8Array): string =>
  `filename ${Buffer.from(name).toString('base64')},sha256 ${Buffer.from(sha256Of(bytes)).toString('base64')}`;
const begin = (place: string, headers: Headers, { name, bytes }: { name: string; bytes: Buffer }) =>
  ask('POST', place, {
    ...{ ...headers, ...tus },
    ...{ 'upload-length': String(bytes.length), 'upload-metadata': metadata(name, bytes) },
  });
const codeOf = async (answer: Response): Promise<string> => ((await answer.json()) as { code: string }).code;

/** Sends it with tus's own client. Answers the address of the upload and the headers of the last answer. */
function sendByTus(
  place: string,
  headers: Headers,
  { name, bytes }: { name: string; bytes: Buffer },
  options: { chunkSize?: number; uploadUrl?: string; stopAfter?: number } = {},
): Promise<{ url: string; digest: string | undefined }> {
  return new Promise((resolve, reject) => {
    const { chunkSize, uploadUrl, stopAfter } = options;
    const upload = new Upload(bytes, {
      endpoint: `${server.base}${place}`,
      ...{ headers, retryDelays: [0, 10, 10], metadata: { filename: name, sha256: sha256Of(bytes) } },
      ...(chunkSize !== undefined && { chunkSize }),
      ...(uploadUrl !== undefined && { uploadUrl }),
      onChunkComplete: (_, accepted) => {
        if (stopAfter === undefined || accepted < stopAfter) return;
        void upload.abort().then(() => resolve({ url: upload.url ?? '', digest: undefined }));
      },
      onError: reject,
      onSuccess: ({ lastResponse }) =>
        resolve({ url: upload.url ?? '', digest: lastResponse.getHeader('Repr-Digest') }),
    });
    upload.start();
  });
}

describe.each([
  ['a page with a session', () => asPerson('ada'), () => `/projects/${world.project}/uploads`],
  ['a program with a token', () => asProgram('ada'), () => `/api/v1/projects/${world.project}/uploads`],
])('%s', (_, headers, place) => {
  it('is paused, goes on where it was, and is told the digest that came', async () => {
    const wheel = nextWheel();
    const stopped = await sendByTus(place(), headers(), wheel, { chunkSize: 200, stopAfter: 400 });
    const state = await ask('HEAD', stopped.url, { ...headers(), ...tus });
    expect([state.status, state.headers.get('upload-offset')]).toEqual([200, '400']);
    expect(state.headers.get('tus-resumable')).toBe('1.0.0');
    const done = await sendByTus(place(), headers(), wheel, { uploadUrl: stopped.url });
    expect(done).toEqual({ url: stopped.url, digest: digestOf(wheel.bytes) });
  });

  it('loses nothing that came when the connection breaks', async () => {
    const wheel = { name: nextWheel().name, bytes: randomBytes(9 * 1024 ** 2) };
    const begun = await begin(place(), headers(), wheel);
    expect(begun.status).toBe(201);
    const url = new URL(begun.headers.get('location') ?? '', server.base);
    const sending = request(url, { method: 'PATCH', headers: { ...headers(), ...patch, 'upload-offset': '0' } });
    sending.on('error', () => undefined);
    sending.write(wheel.bytes.subarray(0, -1000));
    const offset = async () =>
      Number((await ask('HEAD', url.href, { ...headers(), ...tus })).headers.get('upload-offset'));
    await expect.poll(offset, { timeout: 60_000 }).toBeGreaterThan(0);
    const came = await offset();
    sending.destroy();
    expect(await offset()).toBeGreaterThanOrEqual(came);
    const { digest } = await sendByTus(place(), headers(), wheel, { uploadUrl: url.href });
    expect(digest).toBe(digestOf(wheel.bytes));
  });
});

describe('uploads that are complete', () => {
  it('go into a draft by a form that names them, also those of a token by the page of its person', async () => {
    const [wheel, small] = [nextWheel(), nextWheel()];
    small.name = wheel.name.replace('py3-none', 'py2-none');
    const { url } = await sendByTus(`/api/v1/projects/${world.project}/uploads`, asProgram('ada'), wheel);
    const form = new FormData();
    form.append('upload', url.split('/').at(-1) ?? '');
    const answer = await fetch(`${server.base}/projects/${world.project}/drafts`, {
      ...{ method: 'POST', headers: asPerson('ada'), body: form },
    });
    expect(answer.status).toBe(200);
    const { location } = (await answer.json()) as { location: string };
    const draft = location.split('/').at(-1) ?? '';
    const files = await runtime.db.draftFile.findMany({ where: { draftId: draft } });
    expect(files.map((file) => file.name)).toEqual([wheel.name]);
    const list = await ask('GET', `/projects/${world.project}/uploads`, asPerson('ada'));
    expect(((await list.json()) as { uploads: { name: string }[] }).uploads.map(({ name }) => name)).not.toContain(
      wheel.name,
    );
  });
});

describe('curl -T', () => {
  const put = (name: string, bytes: Buffer, headers: Headers = {}) =>
    ask(
      'PUT',
      `/api/v1/projects/${world.project}/files/${name}`,
      { ...asProgram('ci'), 'repr-digest': digestOf(bytes), ...headers },
      bytes,
    );
  const draftOf = async (answer: Response) => {
    const { draft, revision, files } = (await answer.json()) as Record<'draft' | 'revision', unknown> & {
      files: { name: string; sha256: string }[];
    };
    return { draft, revision, files: files.map(({ name, sha256 }) => [name, sha256]) };
  };

  it('puts a file into the draft of its version, opens it first, replaces, and changes nothing when repeated', async () => {
    const [wheel, other] = [nextWheel(), makeWheel(world.project, `7.${made}.0`, 'y = 2\n')];
    const sdist = makeSdist(world.project, `7.${made}.0`);
    const first = await put(wheel.name, wheel.bytes);
    expect(first.status).toBe(201);
    const { draft } = await draftOf(first);
    const both = await put(sdist.name, sdist.bytes);
    expect(both.status).toBe(200);
    expect(await draftOf(both)).toMatchObject({ draft, revision: 2 });
    expect(await draftOf(await put(wheel.name, wheel.bytes))).toMatchObject({ draft, revision: 2 });
    const replaced = await draftOf(await put(wheel.name, other.bytes));
    expect(replaced).toMatchObject({ draft, revision: 3 });
    expect(replaced.files).toContainEqual([wheel.name, sha256Of(other.bytes)]);
  });

  it.each([
    ['without a digest', { 'repr-digest': '' }, 'upload.header'],
    ['with two digests that differ', { 'content-digest': digestOf(Buffer.from('x')) }, 'upload.header'],
    ['of other bytes than it says', { 'repr-digest': digestOf(Buffer.from('x')) }, 'upload.digest-differs'],
  ])('%s is refused, and nothing is kept', async (_, headers, code) => {
    const wheel = nextWheel();
    const before = await takePicture();
    const answer = await put(wheel.name, wheel.bytes, headers);
    expect([answer.status, await codeOf(answer)]).toEqual([400, code]);
    expect(await takePicture()).toEqual(before);
  });

  it('takes no file of another project, and nothing that is no distribution', async () => {
    const wheel = makeWheel('sunset');
    expect(await codeOf(await put(wheel.name, wheel.bytes))).toBe('draft.other-project');
    expect(await codeOf(await put('id_ed25519', Buffer.from('x')))).toBe('distribution.file-name');
  });
});

describe('refused', () => {
  const page = () => `/projects/${world.project}/uploads`;
  const api = () => `/api/v1/projects/${world.project}/uploads`;
  const cases: [string, () => Promise<Response>, number, string][] = [
    [
      'a visitor',
      () => begin(page(), { origin: 'https://sign.example.org' }, nextWheel()),
      401,
      'person.sign-in-first',
    ],
    [
      'another site',
      () => begin(page(), { ...asPerson('ada'), origin: 'https://evil.example' }, nextWheel()),
      403,
      'request.foreign-origin',
    ],
    ['a token for something else', () => begin(api(), asProgram('queue'), nextWheel()), 403, 'token.not-for-this'],
    ['a session at the doors of programs', () => begin(api(), asPerson('ada'), nextWheel()), 401, 'token.unusable'],
    ['another protocol', () => ask('POST', page(), asPerson('ada')), 412, 'upload.tus-version'],
    [
      'an upload without a digest',
      () =>
        ask('POST', page(), { ...asPerson('ada'), ...tus, 'upload-length': '5', 'upload-metadata': 'filename eA==' }),
      400,
      'upload.header',
    ],
    [
      'a file that is none',
      () => begin(page(), asPerson('ada'), { name: 'id_ed25519', bytes: Buffer.from('x') }),
      422,
      'distribution.file-name',
    ],
    ['an upload of somebody else', async () => ask('HEAD', '/uploads/unknown', { ...asPerson('bo'), ...tus }), 404, ''],
  ];
  it.each(cases)('is %s', async (_, refused, status, code) => {
    const answer = await refused();
    expect([answer.status, code === '' ? '' : await codeOf(answer)]).toEqual([status, code]);
  });

  it('is what goes on at another byte, in another form, or with a token that was revoked meanwhile', async () => {
    const wheel = nextWheel();
    const wish = { name: 'soon revoked', scopes: ['upload'], project: '', days: '30' };
    tokens['short'] = (await makePersonToken(world.ada.actor, wish)).token;
    const { id: token } = await runtime.db.personToken.findFirstOrThrow({ where: { name: wish.name } });
    const begun = await begin(api(), asProgram('short'), wheel);
    const url = begun.headers.get('location') ?? '';
    const at = (offset: string, type = patch['content-type']) =>
      ask(
        'PATCH',
        url,
        { ...asProgram('short'), ...patch, 'content-type': type, 'upload-offset': offset },
        wheel.bytes,
      );
    expect([(await at('7')).status, await codeOf(await at('7'))]).toEqual([409, 'upload.wrong-offset']);
    expect(await codeOf(await at('0', 'text/plain'))).toBe('upload.header');
    expect(await codeOf(await at('zero'))).toBe('upload.header');
    await revokePersonToken(world.ada.actor, { token });
    expect((await at('0')).status).toBe(401);
    expect((await ask('DELETE', url, { ...asProgram('ada'), ...tus })).status).toBe(204);
    expect((await ask('HEAD', url, { ...asProgram('ada'), ...tus })).status).toBe(404);
  });

  it('is nobody who only asks what is spoken here', async () => {
    const answer = await ask('OPTIONS', api(), {});
    expect([answer.status, answer.headers.get('tus-extension')]).toEqual([204, 'creation,expiration,termination']);
  });
});
