// Declining a draft: while a decline stands nothing is approved; whoever declined, or an owner, lifts it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declineDraft } from '#lib/server/commands/decline-draft.ts';
import { liftDecline } from '#lib/server/commands/lift-decline.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { handoffQueue } from '#lib/server/handoff/queue.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { changePolicy, makeDraft, makeWorld, signDraft, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let versions = 0;
const nextVersion = (): string => `7.${(versions += 1)}`;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
});
afterAll(() => runtime.close());

const openDraft = async (): Promise<string> => (await makeDraft(world.ada, world.project, nextVersion())).draft;
const page = (draft: string) => draftPage(world.ada.actor, draft);
const reason = 'the wheel lacks the data files';

async function mailsAbout(draft: string, event: string): Promise<(string | null)[]> {
  const rows = await runtime.db.mail.findMany({ where: { event, text: { contains: draft } } });
  return rows.map((row) => row.toPerson).sort();
}

describe('a decline that stands', () => {
  it('is on the page with its reason, in history, and in a mail to everybody else', async () => {
    const draft = await openDraft();
    await declineDraft(world.bo.actor, { draft, reason, expectedRevision: 1 });
    expect(await page(draft)).toMatchObject({
      ...{ declines: [{ name: 'bo', reason, revision: 1, mayLift: true }], state: 'draft' },
      may: { decline: true, sign: true },
    });
    expect((await page(draft)).heldBack).toContain('is declined by bo');
    const entry = await runtime.db.historyEntry.findFirstOrThrow({ where: { draftId: draft, kind: 'draft.declined' } });
    expect(entry).toMatchObject({ actor: 'bo', details: { reason, revision: 1 } });
    expect(await mailsAbout(draft, 'draft.declined')).toEqual(['ada', 'chi']);
    const mail = await runtime.db.mail.findFirstOrThrow({ where: { event: 'draft.declined' } });
    expect(mail.text).toContain(reason);
  });

  it('keeps a draft from being approved, however many sign; lifting it approves at once', async () => {
    const draft = await openDraft();
    await declineDraft(world.chi.actor, { draft, reason });
    for (const person of [world.ada, world.bo, world.chi]) await signDraft(person, draft);
    expect(await page(draft)).toMatchObject({ state: 'draft', verdict: { met: true } });
    expect((await handoffQueue()).drafts.find((entry) => entry.id === draft)?.state).toBe('draft');
    const [decline] = (await page(draft)).declines;
    await liftDecline(world.chi.actor, { draft, decline: decline?.id ?? '' });
    expect(await page(draft)).toMatchObject({ state: 'approved', declines: [], heldBack: null });
    expect(await mailsAbout(draft, 'decline.lifted')).toEqual(['ada', 'bo']);
  });

  it('makes an approved draft wait again', async () => {
    const draft = await openDraft();
    for (const person of [world.ada, world.bo]) await signDraft(person, draft);
    expect((await page(draft)).state).toBe('approved');
    await declineDraft(world.chi.actor, { draft, reason });
    expect((await page(draft)).state).toBe('draft');
    const entry = await runtime.db.historyEntry.findFirstOrThrow({ where: { draftId: draft, kind: 'draft.reopened' } });
    expect(entry.details).toMatchObject({ heldBack: 'release.declined' });
  });

  it('holds a draft back though a new policy is in force, and when its person has left', async () => {
    const other = await makeWorld('-left');
    const { draft } = await makeDraft(other.ada, other.project, nextVersion());
    await declineDraft(other.chi.actor, { draft, reason });
    await signDraft(other.ada, draft);
    await signDraft(other.bo, draft);
    await changePolicy(
      other.ada,
      { project: other.project, remove: [{ name: other.chi.actor.name, how: 'retire' }] },
      other.ada,
    );
    const after = await draftPage(other.ada.actor, draft);
    expect(after).toMatchObject({ state: 'draft', declines: [{ name: other.chi.actor.name, mayLift: true }] });
    await expectRefusal(
      () => liftDecline(other.chi.actor, { draft, decline: after.declines[0]?.id ?? '' }),
      'draft.not-found',
    );
    await liftDecline(other.ada.actor, { draft, decline: after.declines[0]?.id ?? '' });
    expect((await draftPage(other.ada.actor, draft)).state).toBe('approved');
  });

  it('changes what the countersigner is told to look at', async () => {
    const draft = await openDraft();
    const mark = async () => (await handoffQueue()).drafts.find((entry) => entry.id === draft)?.mark;
    const before = await mark();
    await declineDraft(world.bo.actor, { draft, reason });
    expect(await mark()).not.toBe(before);
  });
});

describe('a decline is refused', () => {
  it('without a reason, with two lines or a novel, for a revision that is not the current one', async () => {
    const draft = await openDraft();
    const decline = (given: string) => () => declineDraft(world.bo.actor, { draft, reason: given });
    await expectRefusal(decline(' '), 'input.missing');
    await expectRefusal(decline('one\ntwo'), 'input.not-a');
    await expectRefusal(decline('x'.repeat(501)), 'input.not-a');
    const stale = { draft, reason, expectedRevision: 2 };
    await expectRefusal(() => declineDraft(world.bo.actor, stale), 'draft.moved-on');
  });

  it('a second time by the same person while the first stands', async () => {
    const draft = await openDraft();
    await declineDraft(world.bo.actor, { draft, reason });
    await expectRefusal(() => declineDraft(world.bo.actor, { draft, reason }), 'draft.already-declined');
    await liftDecline(world.bo.actor, { draft, decline: (await page(draft)).declines[0]?.id ?? '' });
    await declineDraft(world.bo.actor, { draft, reason: 'it still does' });
    expect((await page(draft)).declines.map((line) => line.reason)).toEqual(['it still does']);
  });

  it('once the draft has ended', async () => {
    const draft = await openDraft();
    await withdrawDraft(world.ada.actor, { draft, reason: 'a mistake' });
    await expectRefusal(() => declineDraft(world.bo.actor, { draft, reason }), 'draft.not-now');
  });
});

describe('lifting a decline', () => {
  it('is for whoever declined and for owners; another maintainer is refused', async () => {
    const draft = await openDraft();
    await declineDraft(world.bo.actor, { draft, reason });
    const decline = (await page(draft)).declines[0]?.id ?? '';
    expect((await draftPage(world.chi.actor, draft)).declines).toMatchObject([{ mayLift: false }]);
    await expectRefusal(() => liftDecline(world.chi.actor, { draft, decline }), 'person.may-not');
    await liftDecline(world.ada.actor, { draft, decline });
    await expectRefusal(() => liftDecline(world.ada.actor, { draft, decline }), 'decline.not-found');
  });

  it('reaches no decline of another draft', async () => {
    const [one, other] = [await openDraft(), await openDraft()];
    await declineDraft(world.bo.actor, { draft: one, reason });
    const decline = (await page(one)).declines[0]?.id ?? '';
    await expectRefusal(() => liftDecline(world.ada.actor, { draft: other, decline }), 'decline.not-found');
  });
});

describe('withdrawing a draft', () => {
  it('needs a reason, which its people are mailed and its page keeps', async () => {
    const draft = await openDraft();
    await expectRefusal(() => withdrawDraft(world.ada.actor, { draft, reason: '' }), 'input.missing');
    await withdrawDraft(world.ada.actor, { draft, reason: 'built from the wrong branch' });
    expect((await page(draft)).withdrawn).toEqual({ by: 'ada', reason: 'built from the wrong branch' });
    const mail = await runtime.db.mail.findFirstOrThrow({
      where: { event: 'draft.withdrawn', toPerson: 'bo', text: { contains: draft } },
    });
    expect(mail.text).toContain('built from the wrong branch');
  });
});
