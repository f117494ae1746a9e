// The countersigner's wait for something to do, over real HTTP: the queue is answered when it is another one than was seen, whichever process
// changed it, and as it is when the time is up or the server ends.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { endWaiting } from '#lib/server/handoff/await-queue.ts';
import { limits } from '#lib/server/limits.ts';
import { readQueue, type Queue } from '../../countersigner/web-program.ts';
import { handoffRoute } from '#web/handoff.ts';
import { serveRoutes, type RouteServer } from '../support/route-server.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makeWorld, signDraft, type World } from '../support/story.ts';

let world: TestRuntime;
let team: World;
let server: RouteServer;
beforeEach(async () => {
  world = await openTestRuntime();
  team = await makeWorld();
  server = await serveRoutes(handoffRoute);
});
afterEach(async () => {
  await server.stop();
  await world.close();
});

const ask = async (query = '', signal?: AbortSignal): Promise<Queue> => {
  const headers = { authorization: `Bearer ${world.secrets.handoff}` };
  const response = await fetch(`${server.base}/handoff/queue${query}`, { headers, ...(signal && { signal }) });
  expect(response.status).toBe(200);
  return readQueue(new Uint8Array(await response.arrayBuffer()));
};

/** A question that hangs now; `isAnswered` says whether it still does. */
async function hang(mark: string | null): Promise<{ answer: Promise<Queue>; isAnswered: () => boolean }> {
  let answered = false;
  const before = await contacts();
  const answer = ask(`?since=${mark}&wait=60`).finally(() => (answered = true));
  while ((await contacts()) === before) await new Promise((resolve) => setTimeout(resolve, 5));
  return { answer, isAnswered: () => answered };
}

/** Ends it as often as it takes: a question that is only just coming is not heard yet. */
async function endAll(...hanging: { isAnswered: () => boolean }[]): Promise<void> {
  while (hanging.some(({ isAnswered }) => !isAnswered())) {
    endWaiting();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

let asked = 0;
/** Asking leaves a trace; the clock moves so that each is another one. */
const contacts = async (): Promise<number> => {
  world.advance((asked += 1));
  return (await world.db.countersignerContact.findFirst())?.seenAt.getTime() ?? 0;
};

test('a queue that is not the one that was seen is answered at once, with or without a wait', async () => {
  const { mark } = await ask();
  expect((await ask('?since=other&wait=60')).mark).toBe(mark);
  expect((await ask(`?since=${mark}&wait=0`)).mark).toBe(mark);
  expect((await ask('?wait=60')).mark).toBe(mark);
});

test('a change is answered, and the queue holds it', async () => {
  const { mark } = await ask();
  const { answer, isAnswered } = await hang(mark);
  expect(isAnswered()).toBe(false);
  const { draft } = await makeDraft(team.ada, team.project);
  const opened = await answer;
  expect(opened.drafts.map(({ id }) => id)).toEqual([draft]);
  const signed = await hang(opened.mark);
  await signDraft(team.bo, draft);
  expect((await signed.answer).mark).not.toBe(opened.mark);
});

test('a change of another process is answered: it is heard by its entry of history', async () => {
  const { draft } = await makeDraft(team.ada, team.project);
  const { mark } = await ask();
  const { answer } = await hang(mark);
  await world.db.draft.update({ where: { id: draft }, data: { state: 'withdrawn', versionSlot: null } });
  const entry = { at: world.clock.now(), actor: 'ada', kind: 'draft.withdrawn', via: 'web', details: {} };
  await world.db.historyEntry.create({ data: entry });
  expect((await answer).drafts).toEqual([]);
});

test('whoever waits is answered when the server ends, and a caller who went away is forgotten', async () => {
  const { mark } = await ask();
  const hanging = await hang(mark);
  await endAll(hanging);
  expect((await hanging.answer).mark).toBe(mark);
  const gone = new AbortController();
  const left = ask(`?since=${mark}&wait=60`, gone.signal).catch(() => 'left');
  gone.abort();
  expect(await left).toBe('left');
});

test('more of them than a few at a time are answered without a wait', async () => {
  const { mark } = await ask();
  const hanging = [];
  for (let at = 0; at < limits.handoffWaitersMax; at += 1) hanging.push(await hang(mark));
  expect((await ask(`?since=${mark}&wait=60`)).mark).toBe(mark);
  await endAll(...hanging);
});

test('a wait that is no number is refused', async () => {
  const headers = { authorization: `Bearer ${world.secrets.handoff}` };
  const response = await fetch(`${server.base}/handoff/queue?since=x&wait=long`, { headers });
  expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ code: 'input.not-a' })]);
});
