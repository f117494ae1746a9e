// Two web programs as on two machines: one PostgreSQL, one bucket of files, a data folder each; and a third process that changes something and places the
// index in its own. A page that is open at either of them hears of it, each gives the same files, and each gets its copy of the index. A program that
// is told to end does not wait for its open pages.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';
import { openPostgresForTests } from '../../scripts/postgres.mjs';
import { startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { startSwift, type Swift } from '../support/swift.ts';
import { makeDraft, makeWheel, makeWorld, signDraft, type World } from '../support/story.ts';
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
  const shared = { FILES_URL: await swift.bucket('the-files'), ...swift.keys };
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
