// The front page of a signed-in person: what needs them, what they wait for, what happened; with few queries however much there is.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { home } from '#lib/server/queries/home.ts';
import { needsOfPerson } from '#lib/server/queries/needs.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  changePolicy,
  inviteAndAccept,
  makeDraft,
  makePerson,
  makeProject,
  makeProvenKey,
  makeKey,
  makeWorld,
  signDraft,
  type World,
} from '../support/story.ts';

let runtime: TestRuntime;
let world: World;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld('-home');
});
afterAll(() => runtime.close());

/** How many operations the work asks of the database. */
async function countQueries(work: () => Promise<unknown>): Promise<number> {
  const { db } = runtime;
  let count = 0;
  const counting = db.$extends({
    query: {
      $allOperations({ args, query }) {
        count += 1;
        return query(args) as Promise<unknown>;
      },
    },
  });
  Object.assign(runtime, { db: counting });
  await work().finally(() => Object.assign(runtime, { db }));
  return count;
}

describe('the front page', () => {
  it('says what needs me until I have done it, then what I wait for', async () => {
    const { draft } = await makeDraft(world.ada, world.project);
    expect((await home(world.bo.actor)).needsMe.drafts).toMatchObject([{ id: draft, signed: 0, required: 2 }]);
    await signDraft(world.bo, draft);
    const after = await home(world.bo.actor);
    expect(after.needsMe).toEqual({ drafts: [], policies: [], people: [], keys: [] });
    expect(after.waitingForOthers.drafts).toMatchObject([{ id: draft, signed: 1, counted: ['bo-home'] }]);
    expect(after.happened[0]).toMatchObject({ actor: 'bo-home', says: 'signed revision 1', release: '1.2.0' });
    expect(after.projects).toMatchObject([
      { name: world.project, role: 'maintainer', threshold: 2, people: 3, usablePeople: 3, openDrafts: 1 },
    ]);
  });

  it('tells owners, and nobody else, of somebody who accepted and waits to be compared and added', async () => {
    const dee = await makePerson('dee-home');
    const invitation = await inviteAndAccept(world.ada, world.project, dee);
    await runtime.db.invitation.update({ where: { id: invitation }, data: { confirmedAt: null, confirmedBy: null } });
    const waiting = { project: world.project, name: 'dee-home' };
    expect((await home(world.ada.actor)).needsMe.people).toEqual([{ ...waiting, isConfirmed: false }]);
    expect((await home(world.bo.actor)).needsMe.people).toEqual([]);
    expect((await home(dee.actor)).invitations).toMatchObject([{ project: world.project, state: 'accepted' }]);
    await runtime.db.invitation.update({
      where: { id: invitation },
      data: { confirmedAt: runtime.clock.now(), confirmedBy: 'ada-home' },
    });
    expect((await home(world.ada.actor)).needsMe.people).toEqual([{ ...waiting, isConfirmed: true }]);
    await runtime.db.invitation.update({ where: { id: invitation }, data: { revokedAt: runtime.clock.now() } });
  });

  it('tells of a key that ends within 30 days', async () => {
    const key = await makeProvenKey(world.chi.actor, await makeKey('chi-home', { expiresInSeconds: 20 * 86_400 }));
    expect((await home(world.chi.actor)).needsMe.keys).toMatchObject([{ fingerprint: key.fingerprint }]);
  });

  it('asks the database as often for many projects and drafts as for one', async () => {
    const { actor } = world.ada;
    const needsOfOne = await countQueries(() => needsOfPerson(actor));
    const ofOne = await countQueries(() => home(actor));
    for (const name of ['one', 'two', 'three']) {
      runtime.advance(1000);
      const project = await makeProject(world.ada, `few-${name}`);
      const admit = [await inviteAndAccept(world.ada, project, world.bo)];
      await changePolicy(world.ada, { project, admit, threshold: 2 }, world.ada);
      for (const version of ['1.0', '2.0']) await makeDraft(world.ada, project, version);
    }
    expect((await home(actor)).needsMe.drafts).toHaveLength(7);
    expect(await countQueries(() => needsOfPerson(actor))).toBe(needsOfOne);
    expect(await countQueries(() => home(actor))).toBe(ofOne);
    expect(needsOfOne).toBeLessThanOrEqual(12);
    expect(ofOne).toBeLessThanOrEqual(23);
  });
});
