// What an open page hears: the whole state of what waits for its reader, and from the entries of history when it may be another one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { openReader } from '#lib/server/history/watch-history.ts';
import { openInbox } from '#lib/server/queries/inbox.ts';
import { expectRefusal } from '../support/refusal.ts';
import { databaseKind } from '../support/database.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makePerson, makeProject, makeWorld, signDraft, visitor, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld('-inbox');
});
afterAll(() => runtime.close());

const inboxOf = async (person: World['ada']) => (await openInbox(person.actor)).inbox;

describe('the inbox', () => {
  it('counts what waits for the person, and says how each draft stands', async () => {
    const { draft } = await makeDraft(world.ada, world.project, '2.0.0');
    await signDraft(world.ada, draft);
    expect(await inboxOf(world.bo)).toMatchObject({
      person: 'bo-inbox',
      count: 1,
      drafts: [
        {
          id: draft,
          name: 'sunrise-inbox 2.0.0',
          revision: 1,
          signed: 1,
          required: 2,
          counted: ['ada-inbox'],
          needsMe: true,
        },
      ],
    });
    expect(await inboxOf(world.ada)).toMatchObject({ count: 0, drafts: [{ id: draft, needsMe: false }] });
    await signDraft(world.bo, draft);
    expect(await inboxOf(world.bo)).toMatchObject({ count: 0, drafts: [{ id: draft, state: 'approved', signed: 2 }] });
    await withdrawDraft(world.ada.actor, { draft, reason: 'To leave the list.' });
    expect((await inboxOf(world.bo)).drafts).toEqual([]);
  });

  it('has the same marks while nothing happens, and others for the drafts and people that something concerns', async () => {
    const { draft: first } = await makeDraft(world.ada, world.project, '2.1.0');
    const { draft: second } = await makeDraft(world.ada, world.project, '2.2.0');
    const marks = async (person: World['ada']) => {
      const { mark, drafts } = await inboxOf(person);
      const of = (id: string) => drafts.find((draft) => draft.id === id)?.mark;
      return { mark, first: of(first), second: of(second) };
    };
    const before = await marks(world.chi);
    expect(await marks(world.chi)).toEqual(before);
    const stranger = await makePerson('eve-inbox');
    await makeProject(stranger, 'elsewhere-inbox');
    const strangers = await inboxOf(stranger);
    await signDraft(world.bo, first);
    const after = await marks(world.chi);
    expect(after.second).toBe(before.second);
    expect(after.first).not.toBe(before.first);
    expect(after.mark).not.toBe(before.mark);
    expect(await inboxOf(stranger)).toEqual(strangers);
  });

  it('is nobody’s but a signed-in person’s', async () => {
    await expectRefusal(() => openInbox(visitor), 'person.sign-in-first');
  });
});

describe('whoever watches history', () => {
  it('reads each new entry once, and none from before', async () => {
    const read = await openReader();
    expect(await read()).toEqual([]);
    await makeDraft(world.ada, world.project, '2.3.0');
    const entries = await read();
    expect(entries).toMatchObject([{ actor: 'ada-inbox', projectName: world.project }]);
    expect(await read()).toEqual([]);
    runtime.advance(3_600_000);
    expect(await read()).toEqual([]);
    expect(await read()).toEqual([]);
  });

  // Numbers are given when an entry is written, and it is seen when its transaction is committed: the one that was written first may be seen
  // last. The embedded database runs one transaction after the other, and there it comes first.
  it('reads an entry that is committed after one with a higher number', async () => {
    const read = await openReader();
    const entry = (kind: string) => ({ at: runtime.clock.now(), actor: 'ada-inbox', kind, via: 'web', details: {} });
    let commit = (): void => undefined;
    const mayCommit = new Promise<void>((resolve) => (commit = resolve));
    let written = (): void => undefined;
    const isWritten = new Promise<void>((resolve) => (written = resolve));
    const slow = runtime.db.$transaction(async (tx) => {
      const row = await tx.historyEntry.create({ data: entry('session.ended') });
      written();
      await mayCommit;
      return row.id;
    });
    await isWritten;
    if (databaseKind() === 'embedded') commit();
    const later = await runtime.db.historyEntry.create({ data: entry('session.started') });
    const first = (await read()).map(({ id }) => id);
    commit();
    const earlier = await slow;
    expect(earlier < later.id).toBe(true);
    const second = (await read()).map(({ id }) => id);
    expect([first, second]).toEqual(
      databaseKind() === 'embedded' ? [[earlier, later.id], []] : [[later.id], [earlier]],
    );
    expect(await read()).toEqual([]);
  });
});
