// Two web programs as on two machines: one PostgreSQL, one bucket of files, a data folder each; and a third process that changes something and places the
// index in its own. A page that is open at either of them hears of it, each gives the same files, and each gets its copy of the index. Files come to any of
// them, also in pieces, also when one is killed. A program that is told to end does not wait for its open pages.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makeProjectToken } from '#lib/server/commands/make-project-token.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { readConfig } from '#lib/server/config.ts';
import { pieceBytes } from '#lib/server/files/pieces.ts';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { makePersonToken } from '#lib/server/commands/make-person-token.ts';
import { limits } from '#lib/server/limits.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';
import { sweepFiles, sweepUploads } from '#lib/server/uploads/sweep-uploads.ts';
import { openPostgresForTests } from '../../scripts/postgres.mjs';
import { startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { startSwift, type Swift } from '../support/swift.ts';
import { makeDraft, makeSdist, makeWheel, makeWorld, signDraft, type World } from '../support/story.ts';
import { startWebProgram, type RunningProgram } from '../support/web-program.ts';

type Heard = { count: number; drafts: { counted: string[] }[] };

const folder = mkdtempSync(path.join(tmpdir(), 'cs-several-'));
let postgres: { url: string; close: () => Promise<void> };
const programs: RunningProgram[] = [];
let runtime: Runtime;
let world: World;
let swift: Swift;
let countersigner: Countersigner;

beforeAll(async () => {
  postgres = await openPostgresForTests();
  swift = await startSwift();
  const SESSION_SECRET = randomBytes(32).toString('base64url');
  const shared = { FILES_URL: await swift.bucket('the-files'), ...swift.keys, SESSION_SECRET };
  const here = path.join(folder, 'jobs');
  const INDEX_KEY_FILE = path.join(here, 'countersigner', 'index.asc');
  for (const name of ['one', 'two'])
    programs.push(
      await startWebProgram(path.join(folder, name), postgres.url, { ...shared, INDEX_KEY_FILE, INDEX_FOLLOW: 'yes' }),
    );
  runtime = await openRuntime(readConfig({ ...programs[0]?.environment, DATA_DIR: here, INDEX_FOLLOW: 'no' }));
  world = await makeWorld();
});
afterAll(async () => {
  for (const program of programs) await program.end();
  await runtime?.close();
  await countersigner?.close();
  await postgres?.close();
  await swift?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function openSession(personName: string): Promise<string> {
  const token = randomUUID();
  const createdAt = runtime.clock.now();
  const expiresAt = new Date(createdAt.getTime() + 3_600_000);
  await runtime.db.session.create({ data: { tokenHash: hashToken(token), personName, createdAt, expiresAt } });
  return token;
}

/** Opens the stream of a program; answers what it says next, and null at its end. */
async function listen({ base }: RunningProgram, token: string): Promise<() => Promise<Heard | null>> {
  const headers = { accept: 'text/event-stream', cookie: `${sessionCookieName()}=${token}` };
  const answer = await fetch(`${base}/inbox`, { headers });
  expect(answer.status).toBe(200);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return async () => {
    for (;;) {
      const found = /event: inbox\ndata: (.*)\n\n/.exec(text);
      if (found) {
        text = text.slice(found.index + found[0].length);
        return JSON.parse(found[1] ?? '') as Heard;
      }
      const part = await reader?.read();
      if (!part || part.done) return null;
      text += part.value;
    }
  };
}

it('a file that one machine took in is given by every other, and a published release is in the index of each', async () => {
  const { draft } = await makeDraft(world.ada, world.project, '1.0.0');
  const { name, bytes } = makeWheel(world.project, '1.0.0');
  const token = await openSession(world.bo.actor.name);
  for (const { base } of programs) {
    const headers = { cookie: `${sessionCookieName()}=${token}` };
    const given = await fetch(`${base}/drafts/${draft}/files/${name}`, { headers });
    expect([given.status, Buffer.from(await given.arrayBuffer()).equals(bytes)]).toEqual([200, true]);
  }
  for (const person of [world.ada, world.bo]) await signDraft(person, draft);
  countersigner = await startCountersigner();
  expect((await countersigner.round()).published).toEqual([`${world.project} 1.0.0`]);
  await placeHandbacks();
  for (const { base } of programs) {
    const page = async () => (await fetch(`${base}/simple/${world.project}/`)).text();
    await vi.waitUntil(async () => (await page()).includes(name), { timeout: 30_000, interval: 100 });
    const [, address = ''] = new RegExp(`href="([^"#]*/${name})`).exec(await page()) ?? [];
    const file = await fetch(new URL(address, `${base}/simple/${world.project}/`));
    expect(sha256Hex(new Uint8Array(await file.arrayBuffer()))).toBe(sha256Hex(bytes));
  }
});

it('what one web program counts for a rate limit is counted for the other', async () => {
  const wish = { name: 'a program', scopes: ['read'], project: '', days: '7' };
  const { token } = await makePersonToken(world.bo.actor, wish);
  const left: number[] = [];
  for (const { base } of [...programs, ...programs]) {
    const answer = await fetch(`${base}/api/v1/projects`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    left.push(Number(/r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1]));
  }
  expect(left).toEqual([1, 2, 3, 4].map((asked) => limits.requestsPerToken - asked));
});

/** A request of bo, who is signed in, from a page of that program. */
const asBo = async ({ publicUrl }: RunningProgram): Promise<Record<string, string>> => ({
  cookie: `${sessionCookieName()}=${await openSession(world.bo.actor.name)}`,
  ...{ origin: publicUrl, accept: 'application/json', 'tus-resumable': '1.0.0' },
});
const send = (program: RunningProgram, method: string, place: string, headers: Headers, body?: BodyInit) =>
  fetch(`${program.base}${place}`, { method, headers, ...(body !== undefined && { body }) });
type Headers = Record<string, string>;

it('an upload that one machine began goes on at another after the first was killed, and when it is back again', async () => {
  const [one, two] = programs as [RunningProgram, RunningProgram];
  const bytes = randomBytes(pieceBytes + 1000);
  const name = makeWheel(world.project, '3.0.0').name;
  const meta = { filename: name, sha256: sha256Hex(bytes) };
  const base64 = Object.entries(meta).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`);
  const begun = await send(one, 'POST', `/projects/${world.project}/uploads`, {
    ...{ ...(await asBo(one)), 'upload-length': String(bytes.length), 'upload-metadata': base64.join(',') },
  });
  const place = begun.headers.get('location') ?? '';
  const offsetAt = async (program: RunningProgram): Promise<number> =>
    Number((await send(program, 'HEAD', place, await asBo(program))).headers.get('upload-offset'));
  const sendFrom = async (program: RunningProgram, from: number, to: number) => {
    const type = { 'upload-offset': String(from), 'content-type': 'application/offset+octet-stream' };
    return send(
      program,
      'PATCH',
      place,
      { ...(await asBo(program)), ...type },
      new Uint8Array(bytes.subarray(from, to)),
    );
  };
  // What is on its way to a program that is killed is lost from the last piece of 8 MB on.
  const broken = request(new URL(place, one.base), {
    ...{ method: 'PATCH' },
    headers: { ...(await asBo(one)), 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
  });
  broken.on('error', () => undefined);
  broken.write(bytes.subarray(0, -10));
  await vi.waitUntil(async () => (await offsetAt(two)) === pieceBytes, { timeout: 60_000, interval: 100 });
  await one.kill();
  expect((await sendFrom(two, pieceBytes, pieceBytes + 500)).headers.get('upload-offset')).toBe(`${pieceBytes + 500}`);
  programs[0] = await one.again();
  const done = await sendFrom(programs[0], pieceBytes + 500, bytes.length);
  expect([done.status, done.headers.get('repr-digest')]).toEqual([
    204,
    `sha-256=:${Buffer.from(meta.sha256, 'hex').toString('base64')}:`,
  ]);
  // It is no wheel: the child process of another program looks into its own copy, and says so.
  const form = new FormData();
  form.append('upload', path.basename(place));
  const opened = await send(two, 'POST', `/projects/${world.project}/drafts`, await asBo(two), form);
  expect([opened.status, await opened.json()]).toMatchObject([422, { refusal: { code: 'distribution.bad-archive' } }]);
});

it('PUT at one machine and the form of the page at another fill one draft, and a child process looks into each file', async () => {
  const [one, two] = programs as [RunningProgram, RunningProgram];
  const wish = { name: 'CI', kind: 'upload', project: world.project };
  const { token } = await makeProjectToken(world.bo.actor, wish);
  const [wheel, sdist] = [makeWheel(world.project, '4.0.0'), makeSdist(world.project, '4.0.0')];
  const put = await send(
    one,
    'PUT',
    `/api/v1/projects/${world.project}/files/${wheel.name}`,
    {
      authorization: `Bearer ${token}`,
      'repr-digest': `sha-256=:${Buffer.from(sha256Hex(wheel.bytes), 'hex').toString('base64')}:`,
    },
    new Uint8Array(wheel.bytes),
  );
  const { draft } = (await put.json()) as { draft: string };
  expect(put.status).toBe(201);
  const form = new FormData();
  form.append('files', new Blob([new Uint8Array(sdist.bytes)]), sdist.name);
  const added = await send(two, 'POST', `/drafts/${draft}/files`, await asBo(two), form);
  expect([added.status, await added.json()]).toEqual([200, { location: `/drafts/${draft}` }]);
  const files = await runtime.db.draftFile.findMany({ where: { draftId: draft, until: null } });
  expect(files.map(({ sha256 }) => sha256).sort()).toEqual([wheel, sdist].map(({ bytes }) => sha256Hex(bytes)).sort());
  await withdrawDraft(world.bo.actor, { draft, reason: 'it was to be seen whether it opens' });
});

it('what nothing names goes from the bucket after a day, page by page of its listing; what something names stays', async () => {
  const named = await runtime.db.draftFile.findMany({ select: { sha256: true } });
  const unnamed: string[] = [];
  for (const text of ['a', 'b', 'c', 'd']) {
    const { sha256 } = await runtime.files.receive(Readable.from([Buffer.from(text)]), { bytesMax: 1 });
    unnamed.push(sha256);
  }
  await runtime.files.parts.put('nobodys', 0, Readable.from([Buffer.from('x')]), { bytesMax: 1 });
  expect(await sweepFiles()).toBe(0);
  vi.spyOn(runtime.clock, 'now').mockReturnValue(new Date(Date.now() + 2 * 86_400_000));
  // Uploads that are complete are named for three days.
  const waiting = await runtime.db.fileUpload.findMany({ select: { sha256: true } });
  expect(waiting).toHaveLength(1);
  await sweepUploads();
  expect(await sweepFiles()).toBe(unnamed.length);
  const left: string[] = [];
  for await (const { sha256 } of runtime.files.list()) left.push(sha256);
  expect(new Set(left)).toEqual(new Set([...named, ...waiting].map(({ sha256 }) => sha256)));
  const uploads: string[] = [];
  for await (const upload of runtime.files.parts.uploads()) uploads.push(upload);
  expect(uploads).toEqual([]);
  vi.restoreAllMocks();
});

it('a page hears of a signature whichever process took it, and a program that ends lets its pages go at once', async () => {
  const token = await openSession(world.bo.actor.name);
  const streams = await Promise.all(programs.map((program) => listen(program, token)));
  for (const next of streams) expect(await next()).toMatchObject({ count: 0, drafts: [] });
  const { draft } = await makeDraft(world.ada, world.project);
  for (const next of streams) expect(await next()).toMatchObject({ count: 1, drafts: [{ counted: [] }] });
  await signDraft(world.ada, draft);
  for (const next of streams) expect(await next()).toMatchObject({ count: 1, drafts: [{ counted: ['ada'] }] });
  // Orderly: one that waited for its pages would cut them off in the end, and reading would fail.
  const [end] = await Promise.all([streams[0]?.(), programs[0]?.end()]);
  expect(end).toBeNull();
});
