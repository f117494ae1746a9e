// The public page of a project: who may sign, how many must, what is published in which state; and nothing that is for its people alone.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectPage } from '#lib/server/queries/project-page.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { inviteAndAccept, makeDraft, makePerson, makeWorld, signDraft, visitor, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let draft: string;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld('-shown');
  ({ draft } = await makeDraft(world.ada, world.project));
  for (const signer of [world.ada, world.bo]) await signDraft(signer, draft);
});
afterAll(() => runtime.close());

/** The rows as the hand-over leaves them (handoff/keep-record.ts). */
async function publish(): Promise<void> {
  const { db, clock } = runtime;
  await db.signature.updateMany({ where: { draftId: draft }, data: { recordSerial: 1 } });
  const data = { state: 'published', publishedAt: clock.now(), recordSerial: 1, recordPolicy: 2 };
  await db.draft.update({ where: { id: draft }, data });
}

describe('a visitor', () => {
  it('sees people with full fingerprints and the number that must sign, and no release before it is countersigned', async () => {
    const { policy, releases, drafts, openPolicy } = await projectPage(visitor, world.project);
    expect(policy).toMatchObject({ version: 2, threshold: 2 });
    expect(policy?.people).toMatchObject(
      [world.ada, world.bo, world.chi].map(({ actor, key }) => ({
        name: actor.name,
        keys: [{ fingerprint: key.fingerprint }],
      })),
    );
    expect({ releases, drafts, openPolicy }).toEqual({ releases: [], drafts: null, openPolicy: null });
  });

  it('sees a release with its signers, the policy of its record and its files, and not the draft that it was', async () => {
    await publish();
    const { releases } = await projectPage(visitor, world.project);
    expect(releases).toMatchObject([
      {
        ...{ version: '1.2.0', state: 'published', reason: null, quarantine: null, draft: null },
        record: { serial: 1, policy: 2, threshold: 2, signedBy: ['ada-shown', 'bo-shown'] },
        hasSignedStatement: true,
      },
    ]);
    expect(releases[0]?.files).toHaveLength(2);
    expect((await projectPage(world.chi.actor, world.project)).releases[0]?.draft).toBe(draft);
  });

  it('sees that a release is yanked and why, and what its owners declared of the project', async () => {
    await runtime.db.draft.update({ where: { id: draft }, data: { yankedReason: 'breaks on Python 3.14' } });
    const status = { status: 'archived', statusReason: 'moved elsewhere' };
    await runtime.db.project.update({ where: { name: world.project }, data: status });
    const page = await projectPage(visitor, world.project);
    expect(page.releases[0]).toMatchObject({ state: 'yanked', reason: 'breaks on Python 3.14' });
    expect(page.status).toEqual({ is: 'archived', reason: 'moved elsewhere' });
    await runtime.db.project.update({ where: { name: world.project }, data: { status: 'active', statusReason: null } });
  });

  it('finds no address, no draft, no invitation and nobody who is only invited', async () => {
    const dee = await makePerson('dee-shown');
    await inviteAndAccept(world.ada, world.project, dee);
    const { draft: open } = await makeDraft(world.ada, world.project, '7.7.7');
    for (const reader of [visitor, dee.actor]) {
      const page = JSON.stringify(await projectPage(reader, world.project));
      expect(page).not.toMatch(/@|7\.7\.7|dee-shown/);
      expect(page).not.toContain(open);
      expect(page).not.toContain(draft);
    }
  });
});
