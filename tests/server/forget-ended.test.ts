// What is forgotten when it has ended, and that nothing which still works, or is still needed, goes with it.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forgetEnded } from '#lib/server/commands/forget-ended.ts';
import { makePersonToken } from '#lib/server/commands/make-person-token.ts';
import { makeProjectToken } from '#lib/server/commands/make-project-token.ts';
import { acceptResults } from '#lib/server/handoff/accept-results.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { limits } from '#lib/server/limits.ts';
import { addProject, startCountersigner } from '../support/handoff-rows.ts';
import { openSession } from '../support/route-server.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makeWorld } from '../support/story.ts';

let runtime: TestRuntime;
beforeEach(async () => {
  runtime = await openTestRuntime({ at: '2026-11-22T12:00:00Z' });
});
afterEach(() => runtime.close());

const wait = (milliseconds: number): void =>
  runtime.setTime(new Date(runtime.clock.now().getTime() + milliseconds).toISOString());

it('links stay as long as they can be asked about, then go; sessions go when they end', async () => {
  const { ada, project } = await makeWorld();
  await makeDraft(ada, project);
  await openSession('ada', 'token-of-ada');
  const counts = async () => ({
    links: await runtime.db.personalLink.count(),
    signInLinks: await runtime.db.signInLink.count(),
    sessions: await runtime.db.session.count(),
  });
  const { deadline } = await runtime.db.draft.findFirstOrThrow();
  await forgetEnded();
  const before = await counts();
  expect(before.links).toBeGreaterThan(0);
  wait(deadline.getTime() - runtime.clock.now().getTime() + limits.endedLinksKeptMs - 1000);
  await forgetEnded();
  expect((await counts()).links).toBe(before.links);
  wait(2 * limits.endedLinksKeptMs);
  await forgetEnded();
  expect(await counts()).toMatchObject({ links: 0, signInLinks: 0 });
  runtime.setTime('2029-01-02T00:00:00Z');
  await forgetEnded();
  expect(await counts()).toEqual({ links: 0, signInLinks: 0, sessions: 0 });
});

it('tokens stay in the lists as long as they work and a while after, then go', async () => {
  const { ada, project } = await makeWorld();
  await makePersonToken(ada.actor, { name: 'x', scopes: ['queue'], project: '', days: '365' });
  await makeProjectToken(ada.actor, { project, name: 'x', kind: 'upload' });
  const count = async () => (await runtime.db.personToken.count()) + (await runtime.db.projectToken.count());
  wait(limits.projectTokenMs + limits.endedLinksKeptMs - 1000);
  await forgetEnded();
  expect(await count()).toBe(2);
  wait(2000);
  await forgetEnded();
  expect(await count()).toBe(0);
});

it('of hand-backs only what is in place loses its bytes, never the newest, and the chain goes on', async () => {
  const countersigner = await startCountersigner();
  try {
    await addProject();
    await countersigner.round();
    await placeHandbacks();
    const [first, second] = await runtime.db.handback.findMany({ orderBy: { id: 'asc' } });
    if (!first || !second) throw new Error('two hand-backs were expected');
    await runtime.db.handback.update({ where: { id: first.id }, data: { state: 'posted', placedAt: null } });
    wait(limits.handbackBytesKeptMs + 1000);
    await forgetEnded();
    expect(await runtime.db.handback.findMany({ orderBy: { id: 'asc' } })).toEqual([
      { ...first, state: 'posted', placedAt: null },
      second,
    ]);
    await runtime.db.handback.update({ where: { id: first.id }, data: { state: 'placed', placedAt: first.placedAt } });
    await forgetEnded();
    const [emptied, newest] = await runtime.db.handback.findMany({ orderBy: { id: 'asc' } });
    expect(emptied).toEqual({ ...first, bytes: new Uint8Array() });
    expect(newest).toEqual(second);
    // Posted again, it is known by its digest.
    expect(await acceptResults(first.bytes)).toEqual({ sha256: first.sha256, sequence: 1 });
  } finally {
    await countersigner.close();
  }
});
