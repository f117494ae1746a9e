// A tab that was open when its person was removed: what it sends and asks for over HTTP, with the session from before, is answered as to a stranger.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { downloadRoute } from '#web/downloads.ts';
import { uploadRoute } from '#web/upload.ts';
import { openSession, serveRoutes, type RouteServer } from '../support/route-server.ts';
import { takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { changePolicy, makeDraft, makeWheel, makeWorld, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let draft: string;
let server: RouteServer;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
  await openSession('bo', 'token-of-bo');
  draft = (await makeDraft(world.bo, world.project)).draft;
  server = await serveRoutes(uploadRoute, downloadRoute);
});
afterAll(async () => {
  await server.stop();
  await runtime.close();
});

const headersOfBo = () => ({
  origin: 'https://sign.example.org',
  accept: 'application/json',
  cookie: `${sessionCookieName()}=token-of-bo`,
});

const get = (address: string) => fetch(`${server.base}${address}`, { headers: headersOfBo() });

function sendWheel(address: string, version: string, fields: Record<string, string> = {}): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const { name, bytes } = makeWheel(world.project, version);
  form.append('files', new Blob([new Uint8Array(bytes)]), name);
  return fetch(`${server.base}${address}`, { method: 'POST', headers: headersOfBo(), body: form, redirect: 'manual' });
}

const codeOf = async (answer: Response) => ((await answer.json()) as { refusal: { code: string } }).refusal.code;

async function pictureButHistory(): Promise<Record<string, unknown>> {
  const { HistoryEntry: _, ...rest } = await takePicture();
  return rest;
}

describe('a tab of somebody who was removed', () => {
  it('downloads until the policy is in force, and nothing with the next request', async () => {
    const addresses = [
      `/drafts/${draft}/SHA256SUMS`,
      `/drafts/${draft}/files/${makeWheel(world.project).name}`,
      `/drafts/${draft}/SHA256SUMS?revision=1`,
    ];
    for (const address of addresses) expect((await get(address)).status).toBe(200);
    await changePolicy(world.ada, { project: world.project, remove: [{ name: 'bo', how: 'retire' }] }, world.ada);
    for (const address of addresses) expect((await get(address)).status).toBe(404);
  });

  it('uploads nothing more: no row but the traces of being refused, no file, no half file', async () => {
    const before = await pictureButHistory();
    const sent = [
      [await sendWheel(`/projects/${world.project}/drafts`, '9.0'), 403, 'person.may-not'],
      [await sendWheel(`/drafts/${draft}/files`, '1.2.0', { revision: '1' }), 404, 'draft.not-found'],
    ] as const;
    for (const [answer, status, code] of sent) expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
    expect(await pictureButHistory()).toEqual(before);
    expect(readdirSync(path.join(runtime.config.dataFolder, 'files', 'incoming'))).toEqual([]);
  });
});
