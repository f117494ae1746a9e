// The waiting time of a policy: a draft that enough people signed is approved only when it is over, by a clock that the test moves.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approveWaited } from '#lib/server/commands/approve-waited.ts';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { declineDraft } from '#lib/server/commands/decline-draft.ts';
import { expireDrafts } from '#lib/server/commands/expire-drafts.ts';
import { liftDecline } from '#lib/server/commands/lift-decline.ts';
import { takeBackSignature } from '#lib/server/commands/take-back-signature.ts';
import { handoffQueue } from '#lib/server/handoff/queue.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { changePolicy, makeDraft, makeWorld, signDraft, type World } from '../support/story.ts';

const hour = 3_600_000;
let runtime: TestRuntime;
let world: World;
let count = 0;
beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
  await changePolicy(world.ada, { project: world.project, waitHours: 48 }, world.ada);
});
afterAll(() => runtime.close());

const stateOf = async (draft: string) => (await draftPage(world.ada.actor, draft)).state;
const waitsUntil = async (draft: string) => (await draftPage(world.ada.actor, draft)).waitsUntil;

async function signedDraft(): Promise<string> {
  const { draft } = await makeDraft(world.ada, world.project, `8.${(count += 1)}`);
  await signDraft(world.ada, draft);
  await signDraft(world.bo, draft);
  return draft;
}

describe('a draft with enough signatures, where the policy asks for a wait', () => {
  it('stays open until the time is over, says until when, and is then approved once', async () => {
    const start = runtime.clock.now().getTime();
    const draft = await signedDraft();
    expect(await draftPage(world.ada.actor, draft)).toMatchObject({
      ...{ state: 'draft', waitsUntil: new Date(start + 48 * hour) },
      verdict: { met: true },
    });
    expect((await handoffQueue()).drafts.find((entry) => entry.id === draft)?.state).toBe('draft');
    const told = await runtime.db.mail.findMany({ where: { event: 'draft.waits', text: { contains: draft } } });
    expect(told.map((mail) => mail.toPerson).sort()).toEqual(['ada', 'bo', 'chi']);
    runtime.advance(48 * hour - 1);
    expect(await approveWaited()).toEqual({ approved: 0 });
    runtime.advance(1);
    const runs = await Promise.all([approveWaited(), approveWaited()]);
    expect(runs.map(({ approved }) => approved).sort()).toEqual([0, 1]);
    expect([await stateOf(draft), await waitsUntil(draft)]).toEqual(['approved', null]);
    const entries = await runtime.db.historyEntry.findMany({ where: { draftId: draft }, orderBy: { id: 'asc' } });
    expect(entries.map(({ kind }) => kind).slice(-2)).toEqual(['draft.waits', 'draft.approved']);
  });

  it('waits from the first met verdict: a third signature does not begin it anew', async () => {
    const draft = await signedDraft();
    const until = await waitsUntil(draft);
    runtime.advance(hour);
    await signDraft(world.chi, draft);
    expect(await waitsUntil(draft)).toEqual(until);
  });

  it('waits anew after a signature was taken back, and after the files changed', async () => {
    const draft = await signedDraft();
    runtime.advance(47 * hour);
    const row = await runtime.db.signature.findFirstOrThrow({ where: { draftId: draft, personName: 'bo' } });
    await takeBackSignature(world.bo.actor, { draft, signature: row.id });
    expect(await waitsUntil(draft)).toBeNull();
    await signDraft(world.chi, draft);
    expect(await waitsUntil(draft)).toEqual(new Date(runtime.clock.now().getTime() + 48 * hour));
    const { files } = await draftPage(world.ada.actor, draft);
    const remove = files.slice(0, 1).map(({ name }) => name);
    await changeFiles(world.ada.actor, { draft, remove, uploads: [], signatures: [] });
    expect(await waitsUntil(draft)).toBeNull();
    runtime.advance(hour);
    for (const person of [world.ada, world.bo]) await signDraft(person, draft);
    expect(await waitsUntil(draft)).toEqual(new Date(runtime.clock.now().getTime() + 48 * hour));
  });

  it('does not expire while it waits: it was signed in time', async () => {
    const { draft } = await makeDraft(world.ada, world.project, `8.${(count += 1)}`);
    const { deadline } = await draftPage(world.ada.actor, draft);
    const now = runtime.clock.now();
    runtime.setTime(new Date(deadline.getTime() - hour).toISOString());
    for (const person of [world.ada, world.bo]) await signDraft(person, draft);
    runtime.advance(2 * hour);
    await expireDrafts();
    expect(await stateOf(draft)).toBe('draft');
    runtime.advance(47 * hour);
    await approveWaited();
    expect(await stateOf(draft)).toBe('approved');
    runtime.setTime(now.toISOString());
  });

  it('is not approved over a decline, but at once when it is lifted after the time', async () => {
    const draft = await signedDraft();
    await declineDraft(world.chi.actor, { draft, reason: 'not yet' });
    runtime.advance(49 * hour);
    await approveWaited();
    expect(await stateOf(draft)).toBe('draft');
    const [decline] = (await draftPage(world.ada.actor, draft)).declines;
    await liftDecline(world.chi.actor, { draft, decline: decline?.id ?? '' });
    expect(await stateOf(draft)).toBe('approved');
  });

  it('follows a policy that changes the wait, and the countersigner looks again', async () => {
    const draft = await signedDraft();
    const markOf = async () => (await handoffQueue()).drafts.find((entry) => entry.id === draft)?.mark;
    const before = await markOf();
    const { project, ada, bo } = world;
    await changePolicy(ada, { project, waitHours: 0 }, ada, bo);
    expect(await stateOf(draft)).toBe('approved');
    expect(await markOf()).not.toBe(before);
    await changePolicy(ada, { project, waitHours: 48 }, ada);
    expect([await stateOf(draft), await waitsUntil(draft)]).toMatchObject(['draft', expect.any(Date)]);
  });
});
