// Files over real HTTP while they lie in a bucket that is away, full or lying in the middle of it: each door says so with a code of its own, nothing is half done, and what came
// goes on once the bucket is well again. A program whose bucket takes nothing is not ready, and the doctor says why.
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeProjectToken } from '#lib/server/commands/make-project-token.ts';
import { checkStorage } from '#lib/server/doctor/surroundings.ts';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { limits } from '#lib/server/limits.ts';
import { sweepFiles, sweepUploads } from '#lib/server/uploads/sweep-uploads.ts';
import { apiRoute } from '#web/api.ts';
import { healthRoute } from '#web/health.ts';
import { resumableRoute } from '#web/resumable.ts';
import { uploadRoute } from '#web/upload.ts';
import { honest, startFakeBucket, type FakeBucket, type Lie } from '../support/fake-bucket.ts';
import { openSession, serveRoutes, type RouteServer } from '../support/route-server.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeWheel, makeWorld, type World } from '../support/story.ts';

let bucket: FakeBucket;
let runtime: TestRuntime;
let world: World;
let server: RouteServer;
let token: string;
let page: Record<string, string>;
let made = 0;
// How long it pauses between two tries is no part of what is asked here.
const patience = limits as { storagePauseMs: number };
const usual = patience.storagePauseMs;

beforeAll(async () => {
  patience.storagePauseMs = 1;
  bucket = await startFakeBucket();
  runtime = await openTestRuntime({ environment: { FILES_URL: bucket.url, ...bucket.keys } });
  world = await makeWorld();
  await openSession('ada', 'ada');
  page = { cookie: `${sessionCookieName()}=ada`, origin: 'https://sign.example.org', accept: 'application/json' };
  const wish = { project: world.project, name: 'CI', kind: 'upload' };
  ({ token } = await makeProjectToken(world.bo.actor, wish));
  server = await serveRoutes(uploadRoute, resumableRoute, apiRoute, healthRoute);
});
beforeEach(() => {
  // What the bucket says is for whoever runs the instance.
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  bucket.lie = honest;
  vi.restoreAllMocks();
});
afterAll(async () => {
  patience.storagePauseMs = usual;
  await server?.stop();
  await runtime?.close();
  await bucket?.stop();
});

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const nextWheel = () => makeWheel(world.project, `8.${(made += 1)}.0`, `y = '${randomBytes(2000).toString('hex')}'\n`);
const tus = { 'tus-resumable': '1.0.0' };
const ask = (method: string, place: string, headers: Record<string, string>, body?: Uint8Array | FormData) =>
  fetch(`${server.base}${place}`, {
    ...{ method, headers },
    ...(body !== undefined && { body: body instanceof FormData ? body : new Uint8Array(body) }),
  });
const codeOf = async (answer: Response): Promise<string> => {
  const said = (await answer.json()) as { code?: string; refusal?: { code: string } };
  return `${answer.status} ${said.code ?? said.refusal?.code ?? ''}`;
};
const drafts = () => runtime.db.draft.count();

const broken =
  (prefix: string): Lie =>
  (asked, res) =>
    asked.key.startsWith(prefix) && !!res.socket?.destroy();
const full =
  (prefix: string): Lie =>
  (asked, res) =>
    asked.method === 'PUT' && asked.key.startsWith(prefix) && !!res.writeHead(507).end();

async function begin({ name, bytes }: { name: string; bytes: Buffer }): Promise<string> {
  const metadata = [`filename ${btoa(name)}`, `sha256 ${btoa(sha256Of(bytes))}`].join(',');
  const headers = { ...page, ...tus, 'upload-length': String(bytes.length), 'upload-metadata': metadata };
  return (await ask('POST', `/projects/${world.project}/uploads`, headers)).headers.get('location') ?? '';
}
const goOn = (place: string, bytes: Buffer, from: number, to = bytes.length) =>
  ask(
    'PATCH',
    place,
    { ...page, ...tus, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(from) },
    bytes.subarray(from, to),
  );
const offsetOf = async (place: string): Promise<number> =>
  Number((await ask('HEAD', place, { ...page, ...tus })).headers.get('upload-offset'));

describe('an upload in several requests', () => {
  const faults: [string, Lie, string][] = [
    ['is away', broken('parts/'), '503 storage.unreachable'],
    ['is full', full('parts/'), '503 storage.refused'],
  ];
  it.each(faults)('keeps what came while the bucket %s, and goes on there', async (_, lie, code) => {
    const wheel = nextWheel();
    const place = await begin(wheel);
    expect((await goOn(place, wheel.bytes, 0, 100)).status).toBe(204);
    bucket.lie = (asked, res) => asked.method === 'PUT' && lie(asked, res);
    expect(await codeOf(await goOn(place, wheel.bytes, 100))).toBe(code);
    bucket.lie = honest;
    expect(await offsetOf(place)).toBe(100);
    expect((await goOn(place, wheel.bytes, 100)).headers.get('repr-digest')).not.toBeNull();
    await ask('DELETE', place, { ...page, ...tus });
  });

  const ends: [string, Lie, string][] = [
    ['does not take the whole file', full('files/'), '503 storage.refused'],
    [
      'says yes and keeps nothing',
      ({ method, key }, res) => method === 'PUT' && key.startsWith('files/') && !!res.end(),
      '503 storage.not-kept',
    ],
    [
      'gives back other pieces than it took',
      ({ method, key }, res) => {
        const found = bucket.objects.get(key);
        if (method !== 'GET' || !key.startsWith('parts/') || !found) return false;
        const bytes = Buffer.from(found.bytes).fill(0, 0, 4);
        return !!res.writeHead(200, { 'x-amz-meta-sha256': found.sealed ?? '' }).end(bytes);
      },
      '503 storage.other-bytes',
    ],
  ];
  it.each(ends)('is completed by its last byte once more where the bucket %s', async (_, lie, code) => {
    const wheel = nextWheel();
    const place = await begin(wheel);
    bucket.lie = lie;
    expect(await codeOf(await goOn(place, wheel.bytes, 0))).toBe(code);
    bucket.lie = honest;
    const offset = await offsetOf(place);
    expect(offset).toBe(wheel.bytes.length - 1);
    expect((await goOn(place, wheel.bytes, offset)).status).toBe(204);
    const form = new FormData();
    form.append('upload', place.split('/').at(-1) ?? '');
    expect((await ask('POST', `/projects/${world.project}/drafts`, page, form)).status).toBe(200);
    expect([...bucket.objects.keys()].filter((key) => key.startsWith('parts/'))).toEqual([]);
  });

  it('that is forgotten goes from the bucket with its pieces; a bucket that is away is swept later, and loses nothing', async () => {
    const [kept, forgotten] = [nextWheel(), nextWheel()];
    await goOn(await begin(forgotten), forgotten.bytes, 0, 50);
    runtime.advance(limits.uploadKeptMs);
    const going = await begin(kept);
    await goOn(going, kept.bytes, 0, 50);
    bucket.lie = broken('');
    await expect(sweepUploads()).rejects.toMatchObject({ code: 'storage.unreachable' });
    await expect(sweepFiles()).rejects.toMatchObject({ code: 'storage.unreachable' });
    bucket.lie = ({ key, method }, res) => key === '' && method === 'GET' && !!res.end('<html>Please sign in</html>');
    await expect(sweepFiles()).rejects.toMatchObject({ code: 'storage.unreadable' });
    bucket.lie = honest;
    const before = [...bucket.objects.keys()].filter((key) => key.startsWith('files/'));
    await sweepUploads();
    const parts = [...bucket.objects.keys()].filter((key) => key.startsWith('parts/'));
    expect(parts.map((key) => key.split('/')[1])).toEqual([going.split('/').at(-1)]);
    expect([...bucket.objects.keys()].filter((key) => key.startsWith('files/'))).toEqual(before);
  });
});

describe('one request', () => {
  const put = ({ name, bytes }: { name: string; bytes: Buffer }) => {
    const digest = `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
    const headers = { authorization: `Bearer ${token}`, 'repr-digest': digest };
    return ask('PUT', `/api/v1/projects/${world.project}/files/${name}`, headers, bytes);
  };
  const post = ({ name, bytes }: { name: string; bytes: Buffer }) => {
    const form = new FormData();
    form.append('files', new Blob([new Uint8Array(bytes)]), name);
    return ask('POST', `/projects/${world.project}/drafts`, page, form);
  };
  const faults: [string, Lie, string][] = [
    ['is away', broken('files/'), '503 storage.unreachable'],
    ['is full', full('files/'), '503 storage.refused'],
    [
      'does not say what it kept',
      ({ method, key }, res) => method === 'HEAD' && key.startsWith('files/') && !!res.end(),
      '503 storage.unreadable',
    ],
  ];
  it.each(faults)('opens no draft while the bucket %s, and does when it is sent again', async (_, lie, code) => {
    for (const send of [put, post]) {
      const [wheel, before] = [nextWheel(), await drafts()];
      bucket.lie = lie;
      expect(await codeOf(await send(wheel))).toBe(code);
      expect(await drafts()).toBe(before);
      bucket.lie = honest;
      expect([200, 201]).toContain((await send(wheel)).status);
      expect(await drafts()).toBe(before + 1);
    }
  });
});

it('a program whose bucket takes nothing is not ready, and the doctor says that writing fails', async () => {
  expect((await ask('GET', '/readyz', {})).status).toBe(200);
  runtime.advance(limits.readyFreshMs);
  bucket.lie = ({ method }, res) => method === 'PUT' && !!res.writeHead(403).end('<Error>AccessDenied</Error>');
  const answer = await ask('GET', '/readyz', {});
  expect([answer.status, await answer.json()]).toMatchObject([503, { ready: false, checks: { storage: 'broken' } }]);
  const found = await checkStorage(runtime.config, runtime.files);
  expect(found).toMatchObject({ state: 'broken', remedy: expect.stringContaining('the rights of those keys') });
  expect(found.says).toMatch(/^It does not keep files: Writing fails: .*\(403\)/);
  bucket.lie = honest;
  runtime.advance(limits.readyFreshMs);
  expect((await ask('GET', '/readyz', {})).status).toBe(200);
});
