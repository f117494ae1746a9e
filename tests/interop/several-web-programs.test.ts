// Two web programs on one PostgreSQL, and a third process that changes something: a page that is open at either of them hears of it. A program that is
// told to end does not wait for its open pages.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';
import { openPostgresForTests } from '../../scripts/postgres.mjs';
import { makeDraft, makeWorld, signDraft, type World } from '../support/story.ts';
import { startWebProgram, type RunningProgram } from '../support/web-program.ts';

type Heard = { count: number; drafts: { counted: string[] }[] };

const folder = mkdtempSync(path.join(tmpdir(), 'cs-several-'));
let postgres: { url: string; close: () => Promise<void> };
let programs: RunningProgram[] = [];
let runtime: Runtime;
let world: World;

beforeAll(async () => {
  postgres = await openPostgresForTests();
  const first = await startWebProgram(path.join(folder, 'data'), postgres.url);
  programs = [first, await startWebProgram(path.join(folder, 'data'), postgres.url)];
  runtime = await openRuntime(readConfig(first.environment));
  world = await makeWorld();
});
afterAll(async () => {
  for (const program of programs) await program.end();
  await runtime?.close();
  await postgres?.close();
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
