// The doors for files over real HTTP: what is streamed in becomes a draft; what is refused leaves nothing behind.
import { request } from 'node:http';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { downloadRoute } from '#web/downloads.ts';
import { uploadRoute } from '#web/upload.ts';
import { openSession, serveRoutes, type RouteServer } from '../support/route-server.ts';
import { takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makePerson, makeSdist, makeWheel, makeWorld, signBytes, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let server: RouteServer;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
  for (const name of ['ada', 'bo']) await openSession(name, `token-of-${name}`);
  server = await serveRoutes(uploadRoute, downloadRoute);
});
afterAll(async () => {
  await server.stop();
  await runtime.close();
});

const headersOf = (name: string | null, more: Record<string, string> = {}): Record<string, string> => ({
  origin: 'https://sign.example.org',
  accept: 'application/json',
  ...(name && { cookie: `${sessionCookieName()}=token-of-${name}` }),
  ...more,
});

type Part = { name: string; bytes: Uint8Array };

function formOf(files: Part[], fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const { name, bytes } of files) form.append('files', new Blob([new Uint8Array(bytes)]), name);
  return form;
}

const post = (address: string, headers: Record<string, string>, body: FormData | string) =>
  fetch(`${server.base}${address}`, { method: 'POST', headers, body, redirect: 'manual' });

const half = () => readdirSync(path.join(runtime.config.dataFolder, 'files', 'incoming'));

describe('files that are sent to a project', () => {
  it('become a draft, with the signatures that came along', async () => {
    const wheel = makeWheel(world.project, '2.0.0');
    const files = [
      wheel,
      makeSdist(world.project, '2.0.0'),
      { name: `${wheel.name}.asc`, bytes: await signBytes(world.ada.key, wheel.bytes) },
    ];
    const answer = await post(`/projects/${world.project}/drafts`, headersOf('ada'), formOf(files));
    expect(answer.status).toBe(200);
    const { location } = (await answer.json()) as { location: string };
    const page = await draftPage(world.ada.actor, location.slice('/drafts/'.length));
    expect(page.files.map((file) => file.counted)).toEqual([['ada'], []]);
    expect(half()).toEqual([]);
  });

  it('lead a form without script to the draft', async () => {
    const headers = headersOf('ada', { accept: 'text/html' });
    const answer = await post(
      `/projects/${world.project}/drafts`,
      headers,
      formOf([makeWheel(world.project, '2.1.0')]),
    );
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toMatch(/^\/drafts\/[0-9a-f]{12}$/);
  });

  it('replace files of a draft, if the revision that was looked at is the current one', async () => {
    const { draft } = await makeDraft(world.ada, world.project, '2.2.0');
    const form = (revision: string) => formOf([makeWheel(world.project, '2.2.0', 'x = 2\n')], { revision });
    const stale = await post(`/drafts/${draft}/files`, headersOf('bo'), form('7'));
    expect([stale.status, ((await stale.json()) as { refusal: { code: string } }).refusal.code]).toEqual([
      409,
      'draft.moved-on',
    ]);
    const answer = await post(`/drafts/${draft}/files`, headersOf('bo'), form('1'));
    expect(answer.status).toBe(200);
    expect((await draftPage(world.ada.actor, draft)).revision).toBe(2);
  });
});

describe('a refused upload', () => {
  const cases: [string, string | null, Record<string, string>, () => FormData | string, number, string][] = [
    ['of a visitor', null, {}, () => formOf([makeWheel('sunrise', '3.0.0')]), 401, 'person.sign-in-first'],
    [
      'from a foreign page',
      'ada',
      { origin: 'https://evil.example' },
      () => formOf([makeWheel('sunrise', '3.0.0')]),
      403,
      'request.foreign-origin',
    ],
    [
      'from a sister site',
      'ada',
      { 'sec-fetch-site': 'same-site' },
      () => formOf([makeWheel('sunrise', '3.0.0')]),
      403,
      'request.foreign-origin',
    ],
    [
      'of a file that is no distribution',
      'ada',
      {},
      () => formOf([{ name: 'id_ed25519', bytes: Buffer.from('secret') }]),
      422,
      'distribution.file-name',
    ],
    [
      'with a path as a name',
      'ada',
      {},
      () => formOf([{ name: '..\\..\\x.whl', bytes: Buffer.from('x') }]),
      422,
      'distribution.file-name',
    ],
    ['without files', 'ada', {}, () => formOf([]), 400, 'draft.no-files'],
    ['that is no form', 'ada', { 'content-type': 'text/plain' }, () => 'hello', 400, 'upload.malformed'],
    [
      'whose form ends in the middle',
      'ada',
      { 'content-type': 'multipart/form-data; boundary=x' },
      () => '--x\r\nContent-Disposition: form-data; name="files"; filename="sunrise-3.0.0.tar.gz"\r\n\r\nabc',
      400,
      'upload.malformed',
    ],
  ];
  for (const [what, who, more, body, status, code] of cases) {
    it(`${what} says why and leaves no row, no file and no half file`, async () => {
      const before = await takePicture();
      const answer = await post(`/projects/${world.project}/drafts`, headersOf(who, more), body());
      expect([answer.status, ((await answer.json()) as { refusal: { code: string } }).refusal.code]).toEqual([
        status,
        code,
      ]);
      expect(await takePicture()).toEqual(before);
      expect(half()).toEqual([]);
    });
  }

  it('is a page with the way back for a form without script', async () => {
    const answer = await post(
      `/projects/${world.project}/drafts`,
      headersOf('ada', { accept: 'text/html' }),
      formOf([{ name: '<b>.txt', bytes: Buffer.from('x') }]),
    );
    const text = await answer.text();
    expect([
      answer.status,
      text.includes('<b>'),
      text.includes(`href="/projects/${world.project}/drafts/new"`),
    ]).toEqual([422, false, true]);
  });
});

describe('an upload that breaks off', () => {
  it('leaves no row and no half file', async () => {
    const before = await takePicture();
    const boundary = 'x';
    const headers = headersOf('ada', {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': '5000000',
    });
    const sending = request(`${server.base}/projects/${world.project}/drafts`, { method: 'POST', headers });
    sending.on('error', () => undefined); // it is we who break it off
    const disposition = 'Content-Disposition: form-data; name="files"; filename="sunrise-3.0.0.tar.gz"';
    sending.write(`--${boundary}\r\n${disposition}\r\n\r\n${'a'.repeat(200_000)}`);
    await vi.waitFor(() => expect(half()).toHaveLength(1));
    sending.destroy();
    await vi.waitFor(() => expect(half()).toEqual([]));
    expect(await takePicture()).toEqual(before);
  });
});

describe('a download', () => {
  it('gives the statement byte for byte under its own name, to people of the project only', async () => {
    const { draft } = await makeDraft(world.ada, world.project, '4.0.0');
    const answer = await fetch(`${server.base}/drafts/${draft}/SHA256SUMS`, { headers: headersOf('bo') });
    const page = await draftPage(world.bo.actor, draft);
    expect(await answer.text()).toBe(page.statement.text);
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="${world.project}-4.0.0.r1.SHA256SUMS"`,
    );
    await makePerson('eve');
    await openSession('eve', 'token-of-eve');
    const [name = ''] = page.files.map((file) => file.path);
    for (const address of [`/drafts/${draft}/SHA256SUMS`, name, '/drafts/ffffffffffff/SHA256SUMS'])
      expect((await fetch(`${server.base}${address}`, { headers: headersOf('eve') })).status).toBe(404);
    expect((await fetch(`${server.base}${name}`, { headers: headersOf('bo') })).status).toBe(200);
  });

  it('gives a policy in force to everybody, as it was signed', async () => {
    const answer = await fetch(`${server.base}/projects/${world.project}/policy/2/2.json`);
    expect([answer.status, answer.headers.get('content-disposition')]).toEqual([
      200,
      `attachment; filename="${world.project}-policy-2.json"`,
    ]);
    expect((await fetch(`${server.base}/projects/${world.project}/policy/9/9.json`)).status).toBe(404);
  });
});
