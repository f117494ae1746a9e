// What waits for a person, heard over real HTTP while it changes: at once when somebody else signs, by nobody else, and no longer than the session.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signOut } from '#lib/server/commands/sign-out.ts';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { limits } from '#lib/server/limits.ts';
import { endStreams, liveRoute } from '#web/live.ts';
import { openSession, serveRoutes, type RouteServer } from '../support/route-server.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makePerson, makeWorld, signDraft, type World } from '../support/story.ts';

type Message = { person: string; count: number; drafts: { name: string; counted: string[] }[] };

let runtime: TestRuntime;
let world: World;
let server: RouteServer;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
  await makePerson('eve');
  server = await serveRoutes(liveRoute);
});
afterEach(() => endStreams());
afterAll(async () => {
  await server.stop();
  await runtime.close();
});

let sessions = 0;
async function sessionOf(personName: string): Promise<string> {
  sessions += 1;
  const token = `${personName}-${sessions}`;
  await openSession(personName, token);
  return token;
}

const ask = (token: string | null, accept = 'text/event-stream', method = 'GET') =>
  fetch(`${server.base}/inbox`, {
    method,
    headers: { accept, ...(token && { cookie: `${sessionCookieName()}=${token}` }) },
  });

/** The messages of a stream as they come; null at its end. */
async function listen(token: string): Promise<{ next(): Promise<Message | null>; end(): Promise<void> }> {
  const answer = await ask(token);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async (): Promise<Message | null> => {
    for (;;) {
      const found = /event: inbox\ndata: (.*)\n\n/.exec(text);
      if (found) {
        text = text.slice(found.index + found[0].length);
        return JSON.parse(found[1] ?? '') as Message;
      }
      const part = await reader?.read();
      if (!part || part.done) return null;
      text += part.value;
    }
  };
  return { next, end: async () => void (await reader?.cancel()) };
}

describe('the stream of what waits for a person', () => {
  it('begins with the state, and says it again when somebody else signed', async () => {
    const { draft } = await makeDraft(world.ada, world.project, '1.0.1');
    const heard = await listen(await sessionOf('bo'));
    expect(await heard.next()).toMatchObject({ person: 'bo', count: 1, drafts: [{ counted: [] }] });
    await signDraft(world.ada, draft);
    expect(await heard.next()).toMatchObject({ count: 1, drafts: [{ name: 'sunrise 1.0.1', counted: ['ada'] }] });
    await signDraft(world.chi, draft);
    expect(await heard.next()).toMatchObject({ count: 0, drafts: [{ counted: ['ada', 'chi'] }] });
  });

  it('says nothing of a project to people outside', async () => {
    const [bo, eve] = [await listen(await sessionOf('bo')), await listen(await sessionOf('eve'))];
    await bo.next();
    expect(await eve.next()).toMatchObject({ person: 'eve', count: 0, drafts: [] });
    await makeDraft(world.ada, world.project, '1.0.2');
    await bo.next();
    endStreams();
    expect(await eve.next()).toBeNull();
  });

  it('ends with the session: whoever signed out hears nothing more', async () => {
    const token = await sessionOf('bo');
    const heard = await listen(token);
    await heard.next();
    await signOut(world.bo.actor, { token });
    expect(await heard.next()).toBeNull();
    expect((await ask(token)).status).toBe(401);
  });

  it('is for a person who is signed in, by GET', async () => {
    const refused = await ask(null);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: 'person.sign-in-first' });
    for (const method of ['HEAD', 'POST']) expect((await ask(await sessionOf('bo'), '*/*', method)).status).toBe(299);
  });

  it('is opened by one person only so many times, and again when one was closed', async () => {
    const token = await sessionOf('bo');
    const heard = [];
    for (let at = 0; at < limits.streamsPerPerson; at += 1) heard.push(await listen(token));
    const refused = await ask(token);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: 'stream.too-many' });
    await (await listen(await sessionOf('eve'))).next();
    await heard[0]?.end();
    await expect.poll(async () => (await ask(token)).status, { timeout: 20_000 }).toBe(200);
  });
});

describe('the same address, asked by whoever wants no stream,', () => {
  it('answers the state once, as JSON, and is never kept', async () => {
    const answer = await ask(await sessionOf('eve'), 'application/json');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({ person: 'eve', count: 0, drafts: [] });
  });
});
